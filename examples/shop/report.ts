import type { SlackProcessorStats } from 'opentelemetry-exporter-slack';

/** A message of the service to the process that started it, over IPC. */
export type ShopMessage = { readonly kind: 'listening'; readonly port: number } | ShopReport;

/** The last message, after the shutdown. */
export interface ShopReport {
  readonly kind: 'report';
  /** Calls of the logger by level, counted before OpenTelemetry gets them. */
  readonly logged: Readonly<Record<string, number>>;
  readonly stats: SlackProcessorStats;
}

/** Sends a message to the demo. Does nothing when the service runs without it. */
export function sendToDemo(message: ShopMessage): Promise<void> {
  return new Promise((sent) => (process.send ? process.send(message, () => sent()) : sent()));
}
