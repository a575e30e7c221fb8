import { type ConfigFile, type Environment, resolveOptions, type Settings } from '../../../../src/config/index.js';

/** The settings of a preview, and the warnings about the options. */
export interface PreviewSettings {
  readonly settings: Settings;
  readonly warnings: readonly string[];
}

/**
 * Resolves the options as the exporter does. A missing token or channel gets a placeholder, because nothing is sent and
 * a laptop has no secrets.
 */
export function previewSettings(environment: Environment, file: ConfigFile | undefined): PreviewSettings {
  const { settings, warnings } = resolveOptions({}, { ...environment, ...placeholders(environment, file) }, file);
  // A preview writes no files and starts no thread.
  return { settings: { ...settings, spool: false, lastWords: false }, warnings };
}

function placeholders(environment: Environment, file: ConfigFile | undefined): Record<string, string> {
  const isSet = (variable: string, option: string): boolean =>
    Boolean(environment[`OTEL_EXPORTER_SLACK_${variable}`]?.trim()) || file?.options?.[option] !== undefined;
  const hasRoutes = file?.options?.routes !== undefined || file?.options?.fallback !== undefined;
  const hasWebhook = isSet('WEBHOOK_URL', 'webhookUrl');
  const hasChannel = isSet('CHANNEL', 'channel');
  const needsToken = !isSet('TOKEN', 'token') && (!hasWebhook || hasRoutes || hasChannel);
  const needsChannel = !hasWebhook && !hasChannel && file?.options?.routes === undefined;
  return {
    ...(needsToken && { OTEL_EXPORTER_SLACK_TOKEN: 'xoxb-placeholder' }),
    ...(needsChannel && { OTEL_EXPORTER_SLACK_CHANNEL: '#alerts' }),
  };
}
