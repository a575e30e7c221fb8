import type { Environment } from '../../../../src/config/env.js';
import { resolveOptions } from '../../../../src/config/resolve.js';
import type { ConfigFile, Settings } from '../../../../src/config/settings.js';

/** What to preview with. */
export interface PreviewSettings {
  readonly settings: Settings;
  readonly warnings: readonly string[];
}

/**
 * The settings that the exporter would have here. A laptop has no secrets: a token, and where nothing else is named a
 * channel, are made up, because nothing is sent.
 */
export function previewSettings(environment: Environment, file: ConfigFile | undefined): PreviewSettings {
  const { settings, warnings } = resolveOptions({}, { ...environment, ...madeUp(environment, file) }, file);
  // Nothing of a preview outlives it, or goes on behind it.
  return { settings: { ...settings, spool: false, lastWords: false }, warnings };
}

function madeUp(environment: Environment, file: ConfigFile | undefined): Record<string, string> {
  const isSet = (variable: string, option: string): boolean =>
    Boolean(environment[`OTEL_EXPORTER_SLACK_${variable}`]?.trim()) || file?.options?.[option] !== undefined;
  const hasRoutes = file?.options?.routes !== undefined || file?.options?.fallback !== undefined;
  const hasWebhook = isSet('WEBHOOK_URL', 'webhookUrl');
  const hasChannel = isSet('CHANNEL', 'channel');
  const needsToken = !isSet('TOKEN', 'token') && (!hasWebhook || hasRoutes || hasChannel);
  const needsChannel = !hasWebhook && !hasChannel && file?.options?.routes === undefined;
  return {
    ...(needsToken && { OTEL_EXPORTER_SLACK_TOKEN: 'xoxb-made-up' }),
    ...(needsChannel && { OTEL_EXPORTER_SLACK_CHANNEL: '#alerts' }),
  };
}
