// Adds to package-lock.json the packages for other platforms that npm left out, which it does when the registry that it
// asked does not have them: `npm ci` would then call the lockfile out of date, on every platform. The version is the one
// that their owner pins; the platform is in the name. Only the hash stays open.
import { readFileSync, writeFileSync } from 'node:fs';

/** `binding-linux-arm64-musl` → os, cpu, libc. */
const PLATFORM =
  /-(?<os>android|darwin|freebsd|linux|openharmony|win32)-(?<cpu>[a-z0-9]+)(?:-(?<abi>gnu|musl|msvc|eabi)\w*)?$/;

/** The optional dependencies that the lockfile's packages name and it does not have. */
export function missingOptionals({ packages }) {
  return Object.entries(packages).flatMap(([owner, { optionalDependencies = {}, dev }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !(`node_modules/${name}` in packages) && !(`${owner}/node_modules/${name}` in packages))
      .map(([name, version]) => ({ owner, name, version, dev })),
  );
}

export function completed(lockfile) {
  const packages = { ...lockfile.packages };
  for (const { owner, name, version, dev } of missingOptionals(lockfile)) {
    const { os, cpu, abi } = PLATFORM.exec(name)?.groups ?? {};
    const isPinned = /^\d+\.\d+\.\d+$/.test(version);
    if (!os || !isPinned)
      throw new Error(`${owner}: expected a pinned package of one platform, got ${name}@${version}`);
    const libc = os === 'linux' ? { libc: [abi === 'musl' ? 'musl' : 'glibc'] } : {};
    packages[`node_modules/${name}`] = { version, cpu: [cpu], ...(dev && { dev }), ...libc, optional: true, os: [os] };
  }
  const [root, ...others] = Object.entries(packages);
  return { ...lockfile, packages: Object.fromEntries([root, ...others.sort(([a], [b]) => (a < b ? -1 : 1))]) };
}

if (import.meta.filename === process.argv[1]) {
  for (const file of process.argv.slice(2)) {
    const lockfile = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, `${JSON.stringify(completed(lockfile), null, 2)}\n`);
  }
}
