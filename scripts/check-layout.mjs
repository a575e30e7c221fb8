// Holds the layout of the sources (layers.mjs, src/README.md): rooms import only what their row names, and only through a
// room's face; no circle of files, types included. Sources name no path of the machine they were written on, and
// lockfiles name no registry.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { missingOptionals } from './complete-lockfile.mjs';
import { PACKAGE_OWNERS, ROOMS } from './layers.mjs';

/** More files than this in one folder, and a reader finds nothing. */
const MOST_FILES_IN_A_FOLDER = 60;
const MOST_FILES_IN_SRC = 8;

const root = fileURLToPath(new URL('..', import.meta.url));
// Files that are not committed yet count too, so that the rules hold before the commit.
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root })
  .toString()
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)));
const read = (file) => readFileSync(join(root, file), 'utf8');
const sources = files.filter((file) => /^(src|packages\/[^/]+\/src)\/.*\.[cm]?ts$/.test(file));
const imports = new Map(sources.map((file) => [file, importsOf(file)]));

const problems = [
  ...sources.filter((file) => file.startsWith('src/')).flatMap(roomProblems),
  ...circles().map((circle) => `circle of imports: ${circle.join(' → ')}`),
  ...folderProblems(),
  ...files.filter((file) => file.endsWith('package-lock.json')).flatMap(lockfileProblems),
  ...files.flatMap(machineProblems),
];
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;

/** The files that a file imports, by their paths, and the packages by their names. */
function importsOf(file) {
  // `import … from 'x'`, `export … from 'x'`, `import 'x'`, `import('x')` and `require('x')`.
  const specifiers = [...read(file).matchAll(/(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*'([^']+)'/g)];
  return specifiers.map(([, specifier]) =>
    specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier).replace(/\.([cm]?)js$/, '.$1ts') : specifier,
  );
}

/** `src/groups/saved/chunks.ts` → `groups`; a file in src/ itself → `root`. */
function roomOf(file) {
  const [, room, ...rest] = file.split('/');
  return rest.length === 0 ? 'root' : room;
}

function roomProblems(file) {
  const room = roomOf(file);
  if (ROOMS[room] === undefined) return [`${file}: scripts/layers.mjs has no room ${room}`];
  return imports.get(file).flatMap((target) => {
    if (!target.startsWith('src/')) return packageProblems(file, target);
    if (!imports.has(target)) return [`${file}: imports ${target}, which does not exist`];
    const other = roomOf(target);
    if (other === room) return [];
    if (!ROOMS[room].includes(other)) return [`${file}: ${room} must not import ${other} (${target})`];
    const face = `src/${other}/index.ts`;
    return imports.has(face) && target !== face ? [`${file}: reaches past ${face} to ${target}`] : [];
  });
}

function packageProblems(file, name) {
  const owned = Object.keys(PACKAGE_OWNERS).find((owner) => name === owner || name.startsWith(`${owner}/`));
  if (owned === undefined || PACKAGE_OWNERS[owned].includes(file)) return [];
  return [`${file}: names ${name}; only ${PACKAGE_OWNERS[owned].join(' and ')} may`];
}

/** Strongly connected components of more than one file (Tarjan). */
function circles() {
  const order = new Map();
  const lowest = new Map();
  const path = [];
  const found = [];
  const visit = (file) => {
    order.set(file, order.size);
    lowest.set(file, order.get(file));
    path.push(file);
    for (const target of imports.get(file).filter((each) => imports.has(each))) {
      if (!order.has(target)) visit(target);
      if (path.includes(target)) lowest.set(file, Math.min(lowest.get(file), lowest.get(target)));
    }
    if (lowest.get(file) !== order.get(file)) return;
    const circle = path.splice(path.indexOf(file));
    if (circle.length > 1) found.push(circle);
  };
  for (const file of imports.keys()) if (!order.has(file)) visit(file);
  return found;
}

function folderProblems() {
  const counts = new Map();
  for (const file of sources) counts.set(posix.dirname(file), (counts.get(posix.dirname(file)) ?? 0) + 1);
  return [...counts].flatMap(([folder, count]) => {
    const most = folder === 'src' ? MOST_FILES_IN_SRC : MOST_FILES_IN_A_FOLDER;
    return count > most ? [`${folder}: has ${count} files, expected at most ${most}`] : [];
  });
}

function lockfileProblems(file) {
  const text = read(file);
  const missing = missingOptionals(JSON.parse(text)).map(({ name }) => name);
  return [
    ...(/"resolved":\s*"(?!file:|packages\/)/.test(text)
      ? [`${file}: names a registry; run npm install with our .npmrc`]
      : []),
    ...(missing.length > 0 ? [`${file}: lacks ${missing.join(' ')}; node scripts/complete-lockfile.mjs ${file}`] : []),
  ];
}

function machineProblems(file) {
  if (/\.(png|gif|jpe?g|ico|tgz)$/.test(file)) return [];
  // Written so that this line does not find itself.
  const places = /(?<![\w.$}/-])\/(?:work|root|home\/\w+|tmp|Users\/\w+)\//;
  return read(file)
    .split('\n')
    .flatMap((line, index) => (places.test(line) ? [`${file}:${index + 1}: a path of one machine`] : []));
}
