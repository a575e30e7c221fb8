// Checks the layout of the sources (layers.mjs, src/README.md). A room imports only the rooms that its row names, and
// only through their faces. No circle of imports, types included. No file names a path of one machine, and no lockfile
// names a registry.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { missingOptionals } from './complete-lockfile.mjs';
import { INBOX_ROOMS, PACKAGE_OWNERS, ROOMS } from './layers.mjs';

/** The folders that consist of rooms, with the rows of those rooms. */
const ROOMS_OF_FOLDER = { src: ROOMS, 'packages/slack-inbox/src': INBOX_ROOMS };

/** A reader finds nothing in a folder with more files. */
const MAX_FILES_IN_ROOM = 16;
const MAX_FILES_IN_FOLDER = 18;
const MAX_FILES_IN_SRC = 8;

const root = fileURLToPath(new URL('..', import.meta.url));
// Includes files that are not committed yet, so that the check fails before the commit.
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root })
  .toString()
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)));
const read = (file) => readFileSync(join(root, file), 'utf8');
const sources = files.filter((file) => /^(src|packages\/[^/]+\/src)\/.*\.[cm]?ts$/.test(file));
const imports = new Map(sources.map((file) => [file, importsOf(file)]));

const problems = [
  ...Object.entries(ROOMS_OF_FOLDER).flatMap(([folder, rooms]) => roomProblems(folder, rooms)),
  ...circles().map((circle) => `circle of imports: ${circle.join(' → ')}`),
  ...folderProblems(),
  ...files.filter((file) => file.endsWith('package-lock.json')).flatMap(lockfileProblems),
  ...files.flatMap(machineProblems),
];
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;

/** Returns what a file imports: files as paths, packages as names. */
function importsOf(file) {
  // `import … from 'x'`, `export … from 'x'`, `import 'x'`, `import('x')` and `require('x')`.
  const specifiers = [...read(file).matchAll(/(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*'([^']+)'/g)];
  return specifiers.map(([, specifier]) =>
    specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier).replace(/\.([cm]?)js$/, '.$1ts') : specifier,
  );
}

function roomProblems(folder, rooms) {
  return sources
    .filter((file) => file.startsWith(`${folder}/`))
    .flatMap((file) => imports.get(file).flatMap((target) => importProblems({ file, target, folder, rooms })));
}

function importProblems({ file, target, folder, rooms }) {
  const room = roomOf(file, folder);
  if (rooms[room] === undefined) return [`${file}: scripts/layers.mjs has no room ${room}`];
  if (!target.startsWith(`${folder}/`)) return packageProblems(file, target);
  if (!imports.has(target)) return [`${file}: imports ${target}, which does not exist`];
  const other = roomOf(target, folder);
  if (other === room) return [];
  if (!rooms[room].includes(other)) return [`${file}: ${room} must not import ${other} (${target})`];
  const face = `${folder}/${other}/index.ts`;
  return imports.has(face) && target !== face ? [`${file}: reaches past ${face} to ${target}`] : [];
}

/** `src/groups/saved/chunks.ts` → `groups`; a file in src/ itself → `root`. */
function roomOf(file, folder) {
  const [room, ...rest] = file.slice(folder.length + 1).split('/');
  return rest.length === 0 ? 'root' : room;
}

function packageProblems(file, name) {
  const owned = Object.keys(PACKAGE_OWNERS).find((owner) => name === owner || name.startsWith(`${owner}/`));
  if (owned === undefined || PACKAGE_OWNERS[owned].includes(file)) return [];
  return [`${file}: names ${name}; expected only in ${PACKAGE_OWNERS[owned].join(' and ')}`];
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
    const isRoom = folder.startsWith('src/');
    const max = folder === 'src' ? MAX_FILES_IN_SRC : isRoom ? MAX_FILES_IN_ROOM : MAX_FILES_IN_FOLDER;
    return count > max ? [`${folder}: has ${count} files, expected at most ${max}`] : [];
  });
}

function lockfileProblems(file) {
  const text = read(file);
  const missing = missingOptionals(JSON.parse(text)).map(({ name }) => name);
  return [
    ...(/"resolved":\s*"(?!file:|packages\/)/.test(text)
      ? [`${file}: names a registry; run npm install with the .npmrc of this repository`]
      : []),
    ...(missing.length > 0
      ? [`${file}: lacks ${missing.join(' ')}; run node scripts/complete-lockfile.mjs ${file}`]
      : []),
  ];
}

function machineProblems(file) {
  if (/\.(png|gif|jpe?g|ico|tgz)$/.test(file)) return [];
  // The groups keep this line from matching itself.
  const machinePath = /(?<![\w.$}/-])\/(?:work|root|home\/\w+|tmp|Users\/\w+)\//;
  return read(file)
    .split('\n')
    .flatMap((line, index) => (machinePath.test(line) ? [`${file}:${index + 1}: a path of one machine`] : []));
}
