import {
  type ConfigFile,
  configPath,
  type Environment,
  KNOWN_VARIABLES,
  type ResolvedOptions,
  unknownVariables,
  VARIABLES,
} from '../../../../src/config/index.js';
import { countedOf, nearest } from '../../../../src/util/index.js';
import { listDestinations, type UsedDestination } from './destinations.js';
import { type Step, stepsAbout } from './step.js';

const steps = stepsAbout();

/** Checks the options: their sources, each wrong one, and the destinations that they name. */
export function checkConfig(
  { settings, warnings }: ResolvedOptions,
  environment: Environment,
  file: ConfigFile | undefined,
): readonly Step[] {
  const destinations = listDestinations(settings);
  // Without a destination, the last warning repeats the step about destinations.
  const optionWarnings = destinations.length === 0 ? warnings.slice(0, -1) : warnings;
  const unknown = unknownVariables(environment);
  const isAboutUnknown = (warning: string): boolean => unknown.some((name) => warning.startsWith(`${name}:`));
  const problems = [
    ...unknown.map((name) => steps.problem('config', `${name}: there is no such variable`, spellingRemedy(name))),
    ...optionWarnings
      .filter((warning) => !isAboutUnknown(warning))
      .map((warning) => steps.problem('config', ...splitWarning(warning))),
  ];
  const found = problems.length > 0 ? problems : [steps.ok('config', sourcesText(environment, file))];
  return [...found, destinationsStep(destinations)];
}

function spellingRemedy(name: string): string {
  const similar = nearest(name, KNOWN_VARIABLES);
  return similar === undefined
    ? 'unset it; the documentation of the options lists every variable'
    : `did you mean ${similar}?`;
}

/** Splits `NAME: expected …, got …; the variable is ignored`. The part after `; ` is the exporter's reaction. */
function splitWarning(warning: string): readonly [string, string] {
  const [, problem = warning, reaction] = /^(.*?); (.*)$/s.exec(warning) ?? [];
  if (reaction === undefined) return [problem, 'correct it'];
  const isAdvice = /^(?:did you mean|there is a mistake)/.test(reaction);
  return [problem, isAdvice ? reaction : `correct it; until then ${reaction}`];
}

/** The names of the variables and options that are set, never their values. */
function sourcesText(environment: Environment, file: ConfigFile | undefined): string {
  const names = VARIABLES.filter(({ name }) => environment[name]?.trim()).map(({ name }) => name);
  const shortened = names.map((name, index) => (index === 0 ? name : name.replace('OTEL_EXPORTER_SLACK_', '…_')));
  const parts = [
    names.length > 0 ? shortened.join(', ') : 'no variable is set',
    file && `${configPath(environment) === file.path ? 'the file' : '--config'} ${file.path} with ${optionNames(file)}`,
  ];
  return parts.filter((part) => part !== undefined).join('; ');
}

function optionNames({ options = {} }: ConfigFile): string {
  return Object.keys(options).join(', ') || 'no option';
}

function destinationsStep(destinations: readonly UsedDestination[]): Step {
  if (destinations.length === 0) {
    return steps.problem(
      'destinations',
      'none: the exporter is off',
      'set OTEL_EXPORTER_SLACK_WEBHOOK_URL, or OTEL_EXPORTER_SLACK_TOKEN and …_CHANNEL; ' +
        'otel-slack manifest helps to create the Slack app',
    );
  }
  const text = destinations.map(({ label, uses }) => `${label} (${uses.join(', ')})`).join('; ');
  const { length } = destinations;
  return steps.ok('destinations', length > 1 ? `${countedOf(length, 'destination')}: ${text}` : text);
}
