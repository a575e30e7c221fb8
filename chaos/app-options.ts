import type { SlackExporterOptions } from '../src/index.js';
import { SPEED } from './clock-speed.js';
import type { Disk } from './disk.js';
import type { Setup } from './scenario.js';
import type { Place, PlaceName } from './slack/place.js';

const SPOOL_BYTES = 4 * 1024 * 1024;
/** In real time, because neither Slack nor the disk is faster than in life. */
const FLUSH_MILLIS = 5_000;

/** Returns the exporter's options for a setup. */
export function optionsFor(
  { way, hasSpool, hasLastWords, hasFallback, hasPages }: Setup,
  { disk, places }: { readonly disk: Disk; readonly places: readonly Place[] },
): SlackExporterOptions {
  const to = (name: PlaceName) => places.find((place) => place.name === name)?.[way];
  return {
    ...to('main'),
    ...(hasPages && { routes: [{ match: { severity: 'FATAL' }, ...to('pages'), fallback: false }] }),
    ...(hasFallback && { fallback: to('fallback') }),
    ...(hasSpool && { spool: { directory: disk.directory, maxBytes: SPOOL_BYTES } }),
    lastWords: hasLastWords,
    flushTimeoutMillis: FLUSH_MILLIS * SPEED,
  };
}
