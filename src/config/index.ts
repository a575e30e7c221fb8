/** Options from code, environment and file, checked and settled once. Other rooms import this face only. */

export type { MessageRenderer, RecordFilter, RecordFingerprint, RenderGroup, RenderTotals } from './callbacks.js';
export { readConfigFile } from './config-file.js';
export { configPath, type Environment, KNOWN_VARIABLES, unknownVariables, VARIABLES } from './env.js';
export type {
  AttributeMatch,
  AttributeValue,
  DestinationOptions,
  MentionOccasion,
  MentionOptions,
  QuietHoursOptions,
  RedactOptions,
  RouteMatch,
  RouteOptions,
  SeverityOption,
  SlackExporterOptions,
  SpoolingOptions,
} from './options.js';
export { type ResolvedOptions, resolveOptions } from './resolve.js';
export type {
  ConfigFile,
  DestinationSettings,
  Match,
  Mention,
  QuietHours,
  Route,
  Settings,
  TextMatch,
  ValueMatch,
} from './settings.js';
