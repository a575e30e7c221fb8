/** The six bands of OpenTelemetry's severity numbers, each four wide. */
export type SeverityName = 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'FATAL';

/** How a band is called and shown. */
export interface SeverityBand {
  readonly name: SeverityName | 'UNSPECIFIED';
  /** The lowest severity number of the band: 1, 5, 9, 13, 17, 21; 0 for unspecified. */
  readonly from: number;
  /** The bar at the left of the message, as Slack's `attachment.color`. */
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

/** The highest severity number there is. */
export const MAX_SEVERITY_NUMBER = 24;

/** What loggers write as a level, upper case, and the severity number that it means. */
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

/** No level name is longer; a longer text is not looked up. */
const MAX_TEXT_LENGTH = 16;

/** The severity number that a level's name means, or `undefined` when it names none. */
export function severityNumberOf(text: string): number | undefined {
  return text.length > MAX_TEXT_LENGTH ? undefined : NUMBER_OF_TEXT.get(text.toUpperCase());
}

/**
 * The severity of a record as a number from 0 to 24. Absent or 0 is "unspecified": then the text decides when it names
 * a level; otherwise it is 0, which is below every threshold.
 */
export function effectiveSeverity(severityNumber: unknown, severityText: unknown): number {
  if (typeof severityNumber === 'number' && severityNumber > 0) return severityNumber;
  return typeof severityText === 'string' ? (severityNumberOf(severityText) ?? 0) : 0;
}

/** The band in which a severity number lies. */
export function severityBand(severityNumber: number): SeverityBand {
  // From above: most records that are looked at are errors.
  for (let at = SEVERITY_BANDS.length - 1; at >= 0; at--) {
    const band = SEVERITY_BANDS[at];
    if (band !== undefined && severityNumber >= band.from) return band;
  }
  return UNSPECIFIED;
}

/** The name that a person reads: the band's, and the logger's own word in brackets where it says something else. */
export function severityLabel(severityNumber: number, severityText?: string): string {
  const { name } = severityBand(severityNumber);
  const text = severityText?.trim().toUpperCase();
  const saysMore = text && text !== name && text.length <= MAX_TEXT_LENGTH;
  return saysMore ? `${name} (${text})` : name;
}
