// Writes the software bill of materials (CycloneDX): the packages that run in an app with this package, with versions,
// hashes and licenses. `npm sbom --omit dev` omits packages that a development dependency needs too, so this script selects
// them.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm, ROOT } from './installs.mjs';

/** Returns the bill for the versions in the lockfile, with which the tests ran. */
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
    // npm uses the name of the folder.
    metadata: { ...all.metadata, component: { ...own, name } },
    components: all.components.filter((component) => needed.has(component['bom-ref'])),
    dependencies: all.dependencies
      .filter(({ ref }) => needed.has(ref) || ref === own['bom-ref'])
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((other) => needed.has(other)) })),
  };
}

/** Returns the packages that the lockfile does not mark as `dev`: the same packages, for a comparison with the bill. */
export function runTimePackages() {
  return Object.entries(readJson('package-lock.json').packages)
    .filter(([path, { dev }]) => path !== '' && !dev)
    .filter(([, { peer, devOptional }]) => !peer && !devOptional)
    .map(([path, { version }]) => `${path.replace(/^.*node_modules\//, '')}@${version}`);
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
