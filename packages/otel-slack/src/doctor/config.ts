import type { Environment } from '../../../../src/config/env.js';
import { configPath, KNOWN_VARIABLES, unknownVariables, VARIABLES } from '../../../../src/config/env.js';
import type { ResolvedOptions } from '../../../../src/config/resolve.js';
import type { ConfigFile } from '../../../../src/config/settings.js';
import { nearest } from '../../../../src/util/did-you-mean.js';
import { countedOf } from '../../../../src/util/text.js';
import { type Place, placesOf } from './destinations.js';
import { type Step, stepsAbout } from './step.js';

const steps = stepsAbout();

/** The options: where they come from, each that is wrong, and where the messages go. */
export function checkConfig(
  { settings, warnings }: ResolvedOptions,
  environment: Environment,
  file: ConfigFile | undefined,
): readonly Step[] {
  const places = placesOf(settings);
  // That nothing is set at all is said once, below, with what to do.
  const wrong = places.length === 0 ? warnings.slice(0, -1) : warnings;
  const unknown = unknownVariables(environment);
  const isOfUnknown = (warning: string): boolean => unknown.some((name) => warning.startsWith(`${name}:`));
  const problems = [
    ...unknown.map((name) => steps.problem('config', `${name}: there is no such variable`, spellingRemedy(name))),
    ...wrong
      .filter((warning) => !isOfUnknown(warning))
      .map((warning) => steps.problem('config', ...splitWarning(warning))),
  ];
  const found = problems.length > 0 ? problems : [steps.ok('config', sourcesText(environment, file))];
  return [...found, destinationsStep(places)];
}

function spellingRemedy(name: string): string {
  const meant = nearest(name, KNOWN_VARIABLES);
  return meant === undefined ? 'unset it; the README has a table of those that there are' : `did you mean ${meant}?`;
}

/** `NAME: expected …, got …; the variable is ignored`: what follows the semicolon is what the exporter does about it. */
function splitWarning(warning: string): readonly [string, string] {
  const [, problem = warning, rest] = /^(.*?); (.*)$/s.exec(warning) ?? [];
  if (rest === undefined) return [problem, 'mend it'];
  return [problem, /^(?:did you mean|there is a mistake)/.test(rest) ? rest : `mend it; now ${rest}`];
}

/** The names of what is set, never the values. */
function sourcesText(environment: Environment, file: ConfigFile | undefined): string {
  const names = VARIABLES.filter(({ name }) => environment[name]?.trim()).map(({ name }) => name);
  const shown = names.map((name, index) => (index === 0 ? name : name.replace('OTEL_EXPORTER_SLACK_', '…_')));
  const parts = [
    names.length > 0 ? shown.join(', ') : 'no variable is set',
    file && `${configPath(environment) === file.path ? 'the file' : '--config'} ${file.path} with ${optionsText(file)}`,
  ];
  return parts.filter((part) => part !== undefined).join('; ');
}

function optionsText({ options = {} }: ConfigFile): string {
  return Object.keys(options).join(', ') || 'no option';
}

function destinationsStep(places: readonly Place[]): Step {
  if (places.length === 0) {
    return steps.problem(
      'destinations',
      'none: the exporter is off',
      'set OTEL_EXPORTER_SLACK_WEBHOOK_URL, or OTEL_EXPORTER_SLACK_TOKEN and …_CHANNEL (otel-slack manifest makes the app)',
    );
  }
  const text = places.map(({ label, roles }) => `${label} (${roles.join(', ')})`).join('; ');
  return steps.ok('destinations', places.length > 1 ? `${countedOf(places.length, 'destination')}: ${text}` : text);
}
