import { copiesIn, type Installed, installedFor, shownPath } from './installed.js';
import { type Step, stepsAbout } from './step.js';

/** What is looked at on this machine. */
export interface LocalParts {
  readonly nodeVersion: string;
  readonly cwd: string;
}

const steps = stepsAbout();
const OTEL_PACKAGES = ['api', 'api-logs', 'sdk-logs', 'sdk-node'] as const;
type OtelPackage = (typeof OTEL_PACKAGES)[number];
type Found = Readonly<Partial<Record<OtelPackage, Installed>>>;

/** Node, and the OpenTelemetry that the app in this folder has. */
export function checkLocal({ nodeVersion, cwd }: LocalParts): readonly Step[] {
  const found = findPackages(cwd);
  return [checkNode(nodeVersion, found), ...checkPackages(found, cwd)];
}

function checkNode(nodeVersion: string, found: Found): Step {
  const needed = isThree(found['sdk-logs']) ? '22.15' : '20.19';
  const detail = `${nodeVersion.replace(/^v/, '')}${needed === '20.19' ? '' : ', with sdk-logs 3.x'}`;
  if (compare(nodeVersion.replace(/^v/, ''), `${needed}.0`) >= 0) return steps.ok('node', detail);
  return steps.problem('node', detail, `install Node ${needed} or newer`);
}

function findPackages(cwd: string): Found {
  const sdkNode = installedFor('@opentelemetry/sdk-node', cwd);
  const entries = OTEL_PACKAGES.map((name) => {
    const full = `@opentelemetry/${name}`;
    // Where nothing is hoisted, sdk-logs and api-logs are seen by sdk-node alone.
    return [name, installedFor(full, cwd) ?? (sdkNode && installedFor(full, sdkNode.folder))] as const;
  });
  return Object.fromEntries(entries.filter(([, installed]) => installed !== undefined));
}

function checkPackages(found: Found, cwd: string): readonly Step[] {
  const names = OTEL_PACKAGES.filter((name) => found[name] !== undefined);
  if (names.length === 0) {
    const remedy = 'run it in the folder of your app to have its packages checked';
    return [steps.skipped('opentelemetry', 'no OpenTelemetry is installed in this folder', remedy)];
  }
  const versions = names.map((name) => `${name} ${found[name]?.version}`).join(', ');
  const copies = copiesIn(cwd, ['@opentelemetry/api', '@opentelemetry/api-logs']);
  const problems = [
    lineProblem(found),
    globalsProblem(found, copies.get('@opentelemetry/api-logs') ?? [], cwd),
    copiesProblem(copies.get('@opentelemetry/api') ?? [], cwd),
  ].filter((step) => step !== undefined);
  return problems.length > 0 ? problems : [steps.ok('opentelemetry', versions)];
}

function lineProblem({ api, 'sdk-logs': sdkLogs }: Found): Step | undefined {
  if (api === undefined) {
    return steps.problem('opentelemetry', '@opentelemetry/api is not installed', 'npm install @opentelemetry/api');
  }
  if (sdkLogs === undefined) {
    const remedy = 'npm install @opentelemetry/sdk-logs, or @opentelemetry/sdk-node, which brings it along';
    return steps.problem('opentelemetry', '@opentelemetry/sdk-logs is not installed', remedy);
  }
  if (compare(sdkLogs.version, '0.203.0') < 0) {
    return steps.problem('opentelemetry', `sdk-logs ${sdkLogs.version} is too old`, 'install 0.203 or newer');
  }
  if (isThree(sdkLogs) && compare(api.version, '1.10.0') < 0) {
    const remedy = 'npm install @opentelemetry/api@^1.10: sdk-logs 3.x has its logs API there';
    return steps.problem('opentelemetry', `api ${api.version} beside sdk-logs ${sdkLogs.version}`, remedy);
  }
  return undefined;
}

/** Records that are emitted through api-logs never reach a provider of sdk-logs 3.x: that one is in another global. */
function globalsProblem({ 'sdk-logs': sdkLogs }: Found, copies: readonly Installed[], cwd: string): Step | undefined {
  const [copy] = copies;
  if (!isThree(sdkLogs) || copy === undefined) return undefined;
  return steps.problem(
    'opentelemetry',
    `two globals: sdk-logs ${sdkLogs?.version}, but ${shownPath(copy.folder, cwd)} is api-logs ${copy.version}. ` +
      'What is emitted through that one never reaches the provider',
    'import { logs } from @opentelemetry/api; update the instrumentations until npm ls @opentelemetry/api-logs is empty',
  );
}

/** A copy that is newer than the one in which the provider is registered does not see it. */
function copiesProblem(copies: readonly Installed[], cwd: string): Step | undefined {
  const minors = new Set(copies.map(({ version }) => version.split('.').slice(0, 2).join('.')));
  if (minors.size < 2) return undefined;
  const where = copies.map(({ version, folder }) => `${version} in ${shownPath(folder, cwd)}`).join(', ');
  return steps.problem(
    'opentelemetry',
    `several copies of @opentelemetry/api: ${where}. A newer one does not see what an older one registered`,
    'npm dedupe; npm ls @opentelemetry/api shows who asks for which',
  );
}

function isThree(installed: Installed | undefined): boolean {
  return installed !== undefined && compare(installed.version, '3.0.0-0') >= 0;
}

/** By major, minor and patch. */
function compare(a: string, b: string): number {
  const numbers = (version: string): readonly number[] => version.split(/[.-]/, 3).map((part) => Number(part) || 0);
  const [left, right] = [numbers(a), numbers(b)];
  const at = [0, 1, 2].find((index) => left[index] !== right[index]);
  return at === undefined ? 0 : (left[at] ?? 0) - (right[at] ?? 0);
}
