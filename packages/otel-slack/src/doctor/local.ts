import { coerce, gte, lt, major, minor } from 'semver';
import { displayPath, findCopies, findInstalled, type InstalledPackage } from './installed.js';
import { type Step, stepsAbout } from './step.js';

/** Options of {@link checkLocal}. */
export interface LocalChecks {
  /** `process.version` */
  readonly nodeVersion: string;
  readonly cwd: string;
}

const steps = stepsAbout();
const OTEL_PACKAGES = ['api', 'api-logs', 'sdk-logs', 'sdk-node'] as const;
type OtelPackage = (typeof OTEL_PACKAGES)[number];
type OtelPackages = Readonly<Partial<Record<OtelPackage, InstalledPackage>>>;

/** Checks the versions of Node and of the OpenTelemetry packages of the app in this folder. */
export function checkLocal({ nodeVersion, cwd }: LocalChecks): readonly Step[] {
  const packages = findOtelPackages(cwd);
  return [checkNode(nodeVersion, packages), ...checkPackages(packages, cwd)];
}

function checkNode(nodeVersion: string, packages: OtelPackages): Step {
  const isNewLine = isVersion3(packages['sdk-logs']);
  const needed = isNewLine ? '22.15.0' : '20.19.0';
  const detail = `${nodeVersion.replace(/^v/, '')}${isNewLine ? ', with sdk-logs 3.x' : ''}`;
  // coerce: a nightly such as 24.0.0-nightly has what 24.0.0 has.
  if (gte(coerce(nodeVersion) ?? '0.0.0', needed)) return steps.ok('node', detail);
  return steps.problem('node', detail, `install Node ${needed.replace(/\.0$/, '')} or newer`);
}

function findOtelPackages(cwd: string): OtelPackages {
  const sdkNode = findInstalled('@opentelemetry/sdk-node', cwd);
  const entries = OTEL_PACKAGES.map((name) => {
    const fullName = `@opentelemetry/${name}`;
    // pnpm does not hoist: only sdk-node sees its sdk-logs and api-logs.
    return [name, findInstalled(fullName, cwd) ?? (sdkNode && findInstalled(fullName, sdkNode.folder))] as const;
  });
  return Object.fromEntries(entries.filter(([, installed]) => installed !== undefined));
}

function checkPackages(packages: OtelPackages, cwd: string): readonly Step[] {
  const names = OTEL_PACKAGES.filter((name) => packages[name] !== undefined);
  if (names.length === 0) {
    const remedy = 'run otel-slack doctor in the folder of your app to check its packages';
    return [steps.skipped('opentelemetry', 'no OpenTelemetry package is installed in this folder', remedy)];
  }
  const versions = names.map((name) => `${name} ${packages[name]?.version}`).join(', ');
  const copies = findCopies(cwd, ['@opentelemetry/api', '@opentelemetry/api-logs']);
  const problems = [
    versionProblem(packages),
    apiLogsProblem(packages, copies.get('@opentelemetry/api-logs') ?? [], cwd),
    copiesProblem(copies.get('@opentelemetry/api') ?? [], cwd),
  ].filter((step) => step !== undefined);
  return problems.length > 0 ? problems : [steps.ok('opentelemetry', versions)];
}

function versionProblem({ api, 'sdk-logs': sdkLogs }: OtelPackages): Step | undefined {
  if (api === undefined) {
    return steps.problem('opentelemetry', '@opentelemetry/api is not installed', 'npm install @opentelemetry/api');
  }
  if (sdkLogs === undefined) {
    const remedy = 'npm install @opentelemetry/sdk-logs, or @opentelemetry/sdk-node, which includes it';
    return steps.problem('opentelemetry', '@opentelemetry/sdk-logs is not installed', remedy);
  }
  if (lt(sdkLogs.version, '0.203.0')) {
    return steps.problem('opentelemetry', `sdk-logs ${sdkLogs.version} is too old`, 'install 0.203 or newer');
  }
  if (isVersion3(sdkLogs) && lt(api.version, '1.10.0')) {
    const remedy = 'npm install @opentelemetry/api@^1.10, which has the logs API that sdk-logs 3.x uses';
    return steps.problem('opentelemetry', `api ${api.version} is too old for sdk-logs ${sdkLogs.version}`, remedy);
  }
  return undefined;
}

/** api-logs registers providers in another global than sdk-logs 3.x, so its records never reach the provider. */
function apiLogsProblem(
  { 'sdk-logs': sdkLogs }: OtelPackages,
  copies: readonly InstalledPackage[],
  cwd: string,
): Step | undefined {
  const [copy] = copies;
  if (!isVersion3(sdkLogs) || copy === undefined) return undefined;
  return steps.problem(
    'opentelemetry',
    `${displayPath(copy.folder, cwd)} (${copy.version}) is installed beside sdk-logs ${sdkLogs?.version}. ` +
      'The two use different globals: a record emitted through api-logs never reaches the provider',
    'import { logs } from @opentelemetry/api; update the instrumentations until npm ls @opentelemetry/api-logs is empty',
  );
}

/** A copy that is newer than the one with the registered provider does not see the provider. */
function copiesProblem(copies: readonly InstalledPackage[], cwd: string): Step | undefined {
  const minors = new Set(copies.map(({ version }) => `${major(version)}.${minor(version)}`));
  if (minors.size < 2) return undefined;
  const places = copies.map(({ version, folder }) => `${version} in ${displayPath(folder, cwd)}`).join(', ');
  return steps.problem(
    'opentelemetry',
    `several copies of @opentelemetry/api: ${places}. A newer copy does not see the provider of an older one`,
    'npm dedupe; npm ls @opentelemetry/api lists the packages that depend on each',
  );
}

/** Prereleases of 3.0.0 included. */
function isVersion3(installed: InstalledPackage | undefined): boolean {
  return installed !== undefined && gte(installed.version, '3.0.0-0');
}
