/** The six bands of OpenTelemetry's severity numbers, each four wide. */
export type SeverityName = 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'FATAL';

/** A band: its name and its look in a message. */
export interface SeverityBand {
  readonly name: SeverityName | 'UNSPECIFIED';
  /** The lowest severity number of the band: 1, 5, 9, 13, 17, 21; 0 for unspecified. */
  readonly from: number;
  /** The colour of the bar at the left of the message (Slack's `attachment.color`). */
  readonly color: string;
  readonly emoji: string;
}

const UNSPECIFIED: SeverityBand = { name: 'UNSPECIFIED', from: 0, color: '#8d8d8d', emoji: '⚪' };

/**
 * Severity bands, lowest first.
 * Source: https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber
 */
export const SEVERITY_BANDS: readonly SeverityBand[] = [
  { name: 'TRACE', from: 1, color: '#8d8d8d', emoji: '⚪' },
  { name: 'DEBUG', from: 5, color: '#8d8d8d', emoji: '⚪' },
  { name: 'INFO', from: 9, color: '#2f7ed8', emoji: '🔵' },
  { name: 'WARN', from: 13, color: '#f2a600', emoji: '🟠' },
  { name: 'ERROR', from: 17, color: '#d92d20', emoji: '🔴' },
  { name: 'FATAL', from: 21, color: '#7a0f78', emoji: '🟣' },
];

/** The highest severity number. */
export const MAX_SEVERITY_NUMBER = 24;

/** The level names of loggers in upper case, with their severity numbers. */
const NUMBER_OF_TEXT: ReadonlyMap<string, number> = new Map([
  ...SEVERITY_BANDS.map((band): [string, number] => [band.name, band.from]),
  ['SILLY', 1],
  ['VERBOSE', 5],
  ['HTTP', 9],
  ['INFORMATION', 9],
  ['INFORMATIONAL', 9],
  ['NOTICE', 10],
  ['WARNING', 13],
  ['ERR', 17],
  ['SEVERE', 17],
  ['CRITICAL', 18],
  ['CRIT', 18],
  ['ALERT', 19],
  ['EMERGENCY', 21],
  ['EMERG', 21],
  ['PANIC', 21],
]);

/** In characters. A longer text is not a level name. */
const MAX_TEXT_LENGTH = 16;

/** Returns the severity number of a level name, or `undefined` for an unknown name. */
export function severityNumberOf(text: string): number | undefined {
  return text.length > MAX_TEXT_LENGTH ? undefined : NUMBER_OF_TEXT.get(text.toUpperCase());
}

/**
 * Returns the severity of a record as a number from 0 to 24. A number that is absent or 0 means "unspecified": then the
 * severity text decides if it is a level name. Otherwise returns 0, which is below every threshold.
 */
export function effectiveSeverity(severityNumber: unknown, severityText: unknown): number {
  if (typeof severityNumber === 'number' && severityNumber > 0) return severityNumber;
  return typeof severityText === 'string' ? (severityNumberOf(severityText) ?? 0) : 0;
}

/** Returns the band of a severity number. */
export function severityBand(severityNumber: number): SeverityBand {
  // Highest band first, because most records that arrive here are errors.
  for (let at = SEVERITY_BANDS.length - 1; at >= 0; at--) {
    const band = SEVERITY_BANDS[at];
    if (band !== undefined && severityNumber >= band.from) return band;
  }
  return UNSPECIFIED;
}

/** Returns the severity to show: the name of the band, and in brackets the severity text if it differs. */
export function severityLabel(severityNumber: number, severityText?: string): string {
  const { name } = severityBand(severityNumber);
  const text = severityText?.trim().toUpperCase();
  const isTextShown = text && text !== name && text.length <= MAX_TEXT_LENGTH;
  return isTextShown ? `${name} (${text})` : name;
}

/** Whether a severity number lies in the band `FATAL`: 21 to 24. */
export function isFatal(severityNumber: number): boolean {
  return severityBand(severityNumber).name === 'FATAL';
}
