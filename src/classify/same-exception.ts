import type { RecordView } from '../record/index.js';
import { copyOf } from './recurring-texts.js';

/** A power of two. Each trace has one slot, so the memory is bounded. */
const SLOTS = 256;
/** A longer text is not compared, so that the memory is bounded. */
const MAX_TEXT_LENGTH = 2_000;

interface LoggedException {
  readonly traceId: string;
  readonly text: string;
  readonly severityNumber: number;
  readonly fingerprint: string;
}

/**
 * Recognizes an exception that is logged twice within one trace: by an instrumentation and by the app's own `catch`. The
 * second record has another scope, another body and perhaps an event name, and counts as the same problem.
 */
export class SameException {
  readonly #logged: (LoggedException | undefined)[] = new Array(SLOTS).fill(undefined);

  /**
   * Returns the fingerprint of the record with the same exception, if there was one that was at least as severe. Otherwise
   * remembers this one.
   * @param places - the places of the exception's stack
   */
  fingerprintOf(view: RecordView, places: string, fingerprint: string): string {
    const { traceId, exception, severityNumber } = view;
    if (traceId === undefined || exception === undefined || places.length > MAX_TEXT_LENGTH) return fingerprint;
    const text = `${exception.type} ${exception.message?.slice(0, MAX_TEXT_LENGTH)}\n${places}`;
    const slot = Number.parseInt(traceId.slice(-4), 16) & (SLOTS - 1);
    const known = this.#logged[slot];
    const isSame = known?.traceId === traceId && known.text === text && known.severityNumber >= severityNumber;
    if (isSame) return known.fingerprint;
    this.#logged[slot] = { traceId: copyOf(traceId), text: copyOf(text), severityNumber, fingerprint };
    return fingerprint;
  }
}
