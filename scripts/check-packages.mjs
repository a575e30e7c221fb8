// What each package.json promises, tried as a consumer: publint, and the types under every module resolution (attw). All
// packages have one version.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMAND_LINE, EXPORTER, INBOX } from './bundle/packages.mjs';
import { run } from './steps.mjs';

const packages = [EXPORTER, INBOX, COMMAND_LINE].map((folder) => ({
  folder,
  ...JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')),
}));
const problems = [...versionProblems(), ...(await Promise.all(packages.map(consumerProblems))).flat()];
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;

/** One version for all, and otel-slack depends on exactly that slack-inbox: they are released together. */
function versionProblems() {
  const [{ version }] = packages;
  return packages.flatMap((each) => [
    ...(each.version === version ? [] : [`${each.name}: expected version ${version}, got ${each.version}`]),
    ...packages
      .filter(({ name }) => (each.dependencies?.[name] ?? version) !== version)
      .map(({ name }) => `${each.name}: expected to depend on ${name} ${version}, got ${each.dependencies[name]}`),
  ]);
}

async function consumerProblems({ folder, name, types }) {
  const tools = [['publint', '--strict'], ...(types ? [['attw', '--pack', '.', '--format', 'table-flipped']] : [])];
  const failures = [];
  for (const args of tools) {
    const env = { npm_config_ignore_scripts: 'true' };
    await run('npx', ['--no', '--', ...args], { cwd: folder, env }).catch((error) =>
      failures.push(`${name}: ${error.message}`),
    );
  }
  return failures;
}
