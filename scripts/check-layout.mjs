// Holds the layout of design.md: imports in src/ go downward only (layers.mjs), sources say nothing of the machine they
// were written on, lockfiles nothing of the registry they came from.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { missingOptionals } from './complete-lockfile.mjs';
import { LAYERS, PACKAGE_OWNERS } from './layers.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
// Also what is not committed yet, so that the rules hold before the commit.
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root })
  .toString()
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)));
const read = (file) => readFileSync(join(root, file), 'utf8');

const problems = [
  ...files.filter((file) => /^src\/.*\.[cm]?ts$/.test(file)).flatMap(layerProblems),
  ...tableProblems(),
  ...files.filter((file) => file.endsWith('package-lock.json')).flatMap(lockfileProblems),
  ...files.flatMap(machineProblems),
];
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;

function layerProblems(file) {
  const name = nameOf(file);
  const layer = layerOf(name);
  if (layer === undefined) return [`${file}: it has no layer; give it one in scripts/layers.mjs`];
  return specifiersOf(read(file)).flatMap((specifier) => {
    if (!specifier.startsWith('.')) return packageProblems(file, name, specifier);
    const target = nameOf(posix.join(posix.dirname(file), specifier));
    const targetLayer = layerOf(target);
    const isAllowed = targetLayer === layer || LAYERS[layer].mayImport.includes(targetLayer);
    return isAllowed
      ? []
      : [`${file}: ${layer} must not import ${target}, which is ${targetLayer ?? 'no file of ours'}`];
  });
}

function packageProblems(file, name, specifier) {
  const owned = Object.keys(PACKAGE_OWNERS).find((owner) => specifier === owner || specifier.startsWith(`${owner}/`));
  if (owned && !PACKAGE_OWNERS[owned].includes(name)) {
    return [`${file}: names ${specifier}; only ${PACKAGE_OWNERS[owned].join(' and ')} may`];
  }
  const isForeign = layerOf(name) === 'inbox' && !specifier.startsWith('node:');
  return isForeign ? [`${file}: the inbox imports nothing but Node's modules, and not ${specifier}`] : [];
}

/** Of `import … from 'x'`, `export … from 'x'`, `import 'x'`, `import('x')` and `require('x')`: the x. */
function specifiersOf(source) {
  return [...source.matchAll(/(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*'([^']+)'/g)].map((match) => match[1]);
}

/** `src/slack/http.ts`, or `src/slack/http.js` as an import writes it, → `slack/http`. */
function nameOf(file) {
  return file.replace(/^src\//, '').replace(/\.[cm]?[jt]s$/, '');
}

function layerOf(name) {
  const isIn = (pattern) => pattern === name || (pattern.endsWith('/*') && name.startsWith(pattern.slice(0, -1)));
  return Object.keys(LAYERS).find((layer) => LAYERS[layer].files.some(isIn));
}

function tableProblems() {
  const names = new Set(files.map(nameOf));
  const listed = Object.values(LAYERS).flatMap((layer) => layer.files);
  return [
    ...listed.filter((name) => !name.endsWith('/*') && !names.has(name)).map((name) => `there is no src/${name}`),
    ...listed.filter((name, index) => listed.indexOf(name) !== index).map((name) => `${name} has two layers`),
  ].map((problem) => `scripts/layers.mjs: ${problem}`);
}

function lockfileProblems(file) {
  const text = read(file);
  const missing = missingOptionals(JSON.parse(text)).map(({ name }) => name);
  return [
    ...(/"resolved":\s*"(?!file:)/.test(text) ? [`${file}: names a registry; npm install with our .npmrc`] : []),
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
