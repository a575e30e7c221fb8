import { act } from './api.js';
import { button, byId, el, say } from './dom.js';
import type { FaultState } from './wire.js';

interface Preset {
  readonly name: string;
  readonly hint: string;
  /** As `Inbox.setFaults` takes them. */
  readonly faults: readonly { readonly kind: string; readonly error?: string; readonly [field: string]: unknown }[];
}

const PRESETS: readonly Preset[] = [
  { name: 'Slow', hint: '3 s late', faults: [{ kind: 'slow', delayMillis: 3_000 }] },
  { name: 'Rate-limited', hint: '429, wait 5 s', faults: [{ kind: 'rate_limited', retryAfter: 5 }] },
  { name: 'Down', hint: 'HTTP 503', faults: [{ kind: 'status', status: 503 }] },
  { name: 'Unreachable', hint: 'resets', faults: [{ kind: 'reset' }] },
  { name: 'Hanging', hint: 'no answer', faults: [{ kind: 'hang_before_headers' }] },
  {
    name: 'Token refused',
    hint: 'invalid_auth',
    faults: [
      { kind: 'error', error: 'invalid_token', methods: ['webhook'] },
      { kind: 'error', error: 'invalid_auth' },
    ],
  },
];

/** Makes Slack fail for a while, and says how long still. */
export class FaultPanel {
  readonly #time = byId<HTMLSelectElement>('fault-time');
  readonly #banner = byId('banner');
  readonly #announce: (text: string) => void;
  readonly #text = el('span');
  /** With when each ends, on the clock of this page. */
  #faults: readonly (FaultState & { readonly endsAt: number })[] = [];

  constructor(announce: (text: string) => void) {
    this.#announce = announce;
    const kinds = PRESETS.map((preset) => {
      const made = button('', { 'aria-pressed': 'false', 'data-fault': preset.name }, () => void this.#set(preset));
      made.append(el('b', {}, preset.name), el('small', {}, preset.hint));
      return made;
    });
    byId('fault-kinds').append(...kinds);
    this.#banner.append(
      el('b', {}, 'Slack is failing: '),
      this.#text,
      button('Clear the fault', {}, () => void this.clear()),
    );
    setInterval(() => this.#count(), 250);
    if (matchMedia('(max-height: 640px)').matches) byId<HTMLDetailsElement>('faults').open = false;
  }

  show(faults: readonly FaultState[]): void {
    this.#faults = faults.map((fault) => {
      return { ...fault, endsAt: performance.now() + (fault.remainingMillis ?? Number.POSITIVE_INFINITY) };
    });
    this.#count();
  }

  async clear(): Promise<void> {
    const wrong = await act('faults', { faults: [] });
    this.#announce(wrong === '' ? 'The fault is cleared' : wrong);
  }

  async #set({ name, faults }: Preset): Promise<void> {
    const seconds = Number(this.#time.value);
    const scope = seconds > 0 ? { forMillis: seconds * 1_000 } : {};
    const wrong = await act('faults', { faults: faults.map((fault) => ({ ...fault, ...scope })) });
    if (wrong !== '') this.#announce(wrong);
    else this.#announce(seconds > 0 ? `${name} for ${seconds} seconds` : `${name} until cleared`);
  }

  #count(): void {
    const now = performance.now();
    const active = this.#faults.filter(({ endsAt }) => endsAt > now);
    const texts = active.map((fault) => `${this.#nameOf(fault)}${timeLeft(fault, fault.endsAt - now)}`);
    this.#banner.hidden = active.length === 0;
    // Read out when it comes and when it goes, not each second.
    this.#banner.setAttribute('aria-live', 'off');
    say(this.#text, texts.join('; '));
    say(byId('fault-state'), active.length === 0 ? 'Slack is well.' : texts.join('; '));
    for (const each of document.querySelectorAll<HTMLElement>('[data-fault]')) {
      const preset = PRESETS.find(({ name }) => name === each.dataset.fault);
      each.setAttribute('aria-pressed', String(active.some((fault) => preset !== undefined && isOf(preset, fault))));
    }
  }

  #nameOf({ label, methods }: FaultState): string {
    return methods ? `${label} (${methods.join(', ')})` : label;
  }
}

function isOf({ faults }: Preset, { kind, label }: FaultState): boolean {
  return faults.some((fault) => fault.kind === kind && (fault.error ?? label) === label);
}

function timeLeft({ timesLeft }: FaultState, millis: number): string {
  const times = timesLeft === undefined ? '' : `, ${timesLeft === 1 ? 'once' : `${timesLeft} times`} more`;
  if (!Number.isFinite(millis)) return times === '' ? ', until it is cleared' : times;
  const seconds = Math.ceil(millis / 1_000);
  return `${times}, ${seconds >= 120 ? `${Math.ceil(seconds / 60)} min` : `${seconds} s`} left`;
}
