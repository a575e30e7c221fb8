// Adds the optional packages of other platforms that are missing in package-lock.json. npm omits them when its registry
// does not have them, and `npm ci` then rejects the lockfile on every platform. The version is the one that the depending
// package pins. The platform comes from the name of the package. The integrity hash stays empty.
import { readFileSync, writeFileSync } from 'node:fs';

/** `binding-linux-arm64-musl` → os, cpu, libc. */
const PLATFORM =
  /-(?<os>android|darwin|freebsd|linux|openharmony|win32)-(?<cpu>[a-z0-9]+)(?:-(?<abi>gnu|musl|msvc|eabi)\w*)?$/;

/** Returns the optional dependencies of the lockfile's packages that the lockfile does not contain. */
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
