import { postAction } from './api.js';
import { button, byId, el, setText } from './dom.js';
import type { FaultState } from './wire.js';

interface Preset {
  readonly name: string;
  readonly hint: string;
  /** The argument of `Inbox.setFaults`, without the duration. */
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

/** The buttons that make Slack fail, and the banner with the remaining time. */
export class FaultPanel {
  readonly #time = byId<HTMLSelectElement>('fault-time');
  readonly #banner = byId('banner');
  readonly #announce: (text: string) => void;
  readonly #text = el('span');
  /** `endsAt` is a value of this page's `performance.now()`. */
  #faults: readonly (FaultState & { readonly endsAt: number })[] = [];

  constructor(announce: (text: string) => void) {
    this.#announce = announce;
    const kinds = PRESETS.map((preset) => {
      const created = button('', { 'aria-pressed': 'false', 'data-fault': preset.name }, () => void this.#set(preset));
      created.append(el('b', {}, preset.name), el('small', {}, preset.hint));
      return created;
    });
    byId('fault-kinds').append(...kinds);
    this.#banner.append(
      el('b', {}, 'Slack is failing: '),
      this.#text,
      button('Clear the fault', {}, () => void this.clear()),
    );
    setInterval(() => this.#render(), 250);
    if (matchMedia('(max-height: 640px)').matches) byId<HTMLDetailsElement>('faults').open = false;
  }

  show(faults: readonly FaultState[]): void {
    this.#faults = faults.map((fault) => {
      return { ...fault, endsAt: performance.now() + (fault.remainingMillis ?? Number.POSITIVE_INFINITY) };
    });
    this.#render();
  }

  async clear(): Promise<void> {
    const error = await postAction('faults', { faults: [] });
    this.#announce(error === '' ? 'The fault is cleared' : error);
  }

  async #set({ name, faults }: Preset): Promise<void> {
    const seconds = Number(this.#time.value);
    const scope = seconds > 0 ? { forMillis: seconds * 1_000 } : {};
    const error = await postAction('faults', { faults: faults.map((fault) => ({ ...fault, ...scope })) });
    if (error !== '') this.#announce(error);
    else this.#announce(seconds > 0 ? `${name} for ${seconds} seconds` : `${name} until cleared`);
  }

  #render(): void {
    const now = performance.now();
    const active = this.#faults.filter(({ endsAt }) => endsAt > now);
    const texts = active.map((fault) => `${this.#nameOf(fault)}${timeLeft(fault, fault.endsAt - now)}`);
    this.#banner.hidden = active.length === 0;
    // Off, because a screen reader would read the remaining time every second.
    this.#banner.setAttribute('aria-live', 'off');
    setText(this.#text, texts.join('; '));
    setText(byId('fault-state'), active.length === 0 ? 'Slack works normally.' : texts.join('; '));
    for (const each of document.querySelectorAll<HTMLElement>('[data-fault]')) {
      const preset = PRESETS.find(({ name }) => name === each.dataset.fault);
      each.setAttribute(
        'aria-pressed',
        String(active.some((fault) => preset !== undefined && isFaultOf(preset, fault))),
      );
    }
  }

  #nameOf({ label, methods }: FaultState): string {
    return methods ? `${label} (${methods.join(', ')})` : label;
  }
}

function isFaultOf({ faults }: Preset, { kind, label }: FaultState): boolean {
  return faults.some((fault) => fault.kind === kind && (fault.error ?? label) === label);
}

function timeLeft({ timesLeft }: FaultState, millis: number): string {
  const times = timesLeft === undefined ? '' : `, ${timesLeft === 1 ? 'once' : `${timesLeft} times`} more`;
  if (!Number.isFinite(millis)) return times === '' ? ', until it is cleared' : times;
  const seconds = Math.ceil(millis / 1_000);
  return `${times}, ${seconds >= 120 ? `${Math.ceil(seconds / 60)} min` : `${seconds} s`} left`;
}
