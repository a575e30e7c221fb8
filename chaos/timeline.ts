/** A time in which something was disturbed, in milliseconds of the monotonic clock. */
export interface Span {
  readonly fromMillis: number;
  /** Infinite while it lasts. */
  readonly untilMillis: number;
}

/** What happened in a run, for people, and when each part of it was disturbed, for the judge. */
export interface Timeline {
  note(text: string): void;
  /** Begins a disturbance of a part. The returned function ends it. */
  disturb(part: string): (laterMillis?: number) => void;
  /** Returns the disturbances of these parts, in the order of their begin. */
  spans(...parts: readonly string[]): readonly Span[];
  isDisturbed(part: string): boolean;
  lines(): readonly string[];
}

/** Creates a {@link Timeline} that begins now. */
export function createTimeline(onNote: (line: string) => void = () => {}): Timeline {
  const startMillis = performance.now();
  const lines: string[] = [];
  const spans = new Map<string, { fromMillis: number; untilMillis: number }[]>();
  return {
    note(text) {
      const line = `${((performance.now() - startMillis) / 1_000).toFixed(2).padStart(7)} s  ${text}`;
      lines.push(line);
      onNote(line);
    },
    disturb(part) {
      const span = { fromMillis: performance.now(), untilMillis: Number.POSITIVE_INFINITY };
      spans.set(part, [...(spans.get(part) ?? []), span]);
      return (laterMillis = 0) => {
        span.untilMillis = performance.now() + laterMillis;
      };
    },
    spans: (...parts) => parts.flatMap((part) => spans.get(part) ?? []).sort((a, b) => a.fromMillis - b.fromMillis),
    isDisturbed(part) {
      const nowMillis = performance.now();
      return (spans.get(part) ?? []).some(({ untilMillis }) => untilMillis > nowMillis);
    },
    lines: () => lines,
  };
}
