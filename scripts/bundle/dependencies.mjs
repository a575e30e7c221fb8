import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';

/** Packages that a bundle needs only for its types. */
const ONLY_TYPES = ['@slack/types'];

/** Throws unless a package declares exactly the packages that its bundles load, as dependencies or peers. */
export function checkRequired(folder, results) {
  const {
    name,
    dependencies = {},
    peerDependencies = {},
  } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const loaded = new Set(results.flatMap(packagesOf));
  const declared = Object.keys({ ...dependencies, ...peerDependencies });
  const missing = [...loaded].filter((each) => !declared.includes(each));
  const unused = declared.filter((each) => !loaded.has(each) && !ONLY_TYPES.includes(each));
  if (missing.length + unused.length === 0) return;
  throw new Error(
    `${name}: expected package.json to declare what the bundles load. ` +
      `Not declared: ${missing.join(', ') || 'none'}. Not loaded: ${unused.join(', ') || 'none'}.`,
  );
}

function packagesOf({ metafile }) {
  return Object.values(metafile.outputs)
    .flatMap(({ imports }) => imports)
    .filter(({ external, path }) => external && !path.startsWith('.'))
    .map(({ path }) => path.split('/', path.startsWith('@') ? 2 : 1).join('/'))
    .filter((name) => !name.startsWith('node:') && !builtinModules.includes(name));
}
