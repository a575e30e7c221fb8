// The software bill of materials: what runs in an app that installs this package, with versions, hashes and licenses, as
// CycloneDX. `npm sbom --omit dev` leaves out what a development dependency needs as well, so it is chosen here.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm, ROOT } from './installs.mjs';

/** Of the versions in the lockfile, which are those that the tests ran with. */
export async function billOfMaterials() {
  const { name, dependencies } = readJson('package.json');
  const { stdout } = await npm(['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx'], { cwd: ROOT });
  const all = JSON.parse(stdout);
  const needs = new Map(all.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
  const own = all.metadata.component;
  const direct = needs.get(own['bom-ref']).filter((ref) => Object.hasOwn(dependencies, nameOf(ref)));
  const needed = new Set();
  const add = (refs) => {
    for (const ref of refs.filter((ref) => !needed.has(ref))) {
      needed.add(ref);
      add(needs.get(ref));
    }
  };
  add(direct);
  return {
    ...all,
    // npm takes the name of the folder.
    metadata: { ...all.metadata, component: { ...own, name } },
    components: all.components.filter((component) => needed.has(component['bom-ref'])),
    dependencies: all.dependencies
      .filter(({ ref }) => needed.has(ref) || ref === own['bom-ref'])
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((other) => needed.has(other)) })),
  };
}

/** What the lockfile has from the package's dependencies on: the same, found another way. */
export function runTimePackages() {
  const { packages } = readJson('package-lock.json');
  const found = new Map();
  const add = (from, { dependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} }) => {
    const peers = Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta[name]?.optional);
    for (const name of [...Object.keys(dependencies), ...peers]) {
      const nested = `${from}/node_modules/${name}`;
      const path = packages[nested] ? nested : `node_modules/${name}`;
      if (found.has(path)) continue;
      found.set(path, `${name}@${packages[path].version}`);
      add(path, packages[path]);
    }
  };
  // Our own peers are the app's to install; those of what we depend on come with it.
  add('', { dependencies: packages[''].dependencies });
  return [...found.values()];
}

function nameOf(ref) {
  return ref.slice(0, ref.lastIndexOf('@'));
}

function readJson(file) {
  return JSON.parse(readFileSync(join(ROOT, file), 'utf8'));
}

if (import.meta.filename === process.argv[1]) {
  const file = join(ROOT, 'build', 'sbom.json');
  mkdirSync(join(ROOT, 'build'), { recursive: true });
  const bill = await billOfMaterials();
  writeFileSync(file, `${JSON.stringify(bill, null, 2)}\n`);
  console.log(`build/sbom.json: ${bill.components.map((component) => component['bom-ref']).join(', ')}`);
}
