import type { SlackProcessorStats } from 'opentelemetry-exporter-slack';

/** What the service tells the process that started it, over IPC. */
export type ShopMessage = { readonly kind: 'listening'; readonly port: number } | ShopReport;

/** Its last word, after everything is shut down. */
export interface ShopReport {
  readonly kind: 'report';
  /** Calls of its logger by level, counted before OpenTelemetry sees them. */
  readonly logged: Readonly<Record<string, number>>;
  readonly stats: SlackProcessorStats;
}

/** Nobody listens when the service runs by itself. */
export function tell(message: ShopMessage): Promise<void> {
  return new Promise((told) => (process.send ? process.send(message, () => told()) : told()));
}
