import { startInbox } from 'slack-inbox';
import { type Command, parseArguments, USAGE } from './demo/arguments.js';
import { watchArrivals } from './demo/arrivals.js';
import { DemoFailure } from './demo/failure.js';
import { startPartners } from './demo/partners.js';
import { createScreen, type Screen } from './demo/screen.js';
import { startShop } from './demo/shop-process.js';
import { findLosses, summaryRows } from './demo/summary.js';
import { sendTraffic } from './demo/traffic.js';

type Run = Command & { readonly kind: 'run' };

const CHANNEL = { id: 'C0123ALERTS', name: '#alerts' };
const DEFAULT_PORT = 8025;

/** Returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const command = parseArguments(args);
  const screen = createScreen(process.stdout, process.env);
  if (command.kind === 'help') {
    screen.line(USAGE);
    return 0;
  }
  if (command.kind === 'wrong') {
    process.stderr.write(`demo: ${command.message}\n\n${USAGE}\n`);
    return 2;
  }
  try {
    return await demonstrate(command, screen, untilInterrupted());
  } catch (error) {
    if (!(error instanceof DemoFailure)) throw error;
    process.stderr.write(`demo: ${error.message}\n`);
    return 1;
  }
}

async function demonstrate(run: Run, screen: Screen, interrupted: AbortSignal): Promise<number> {
  const over = new AbortController();
  const signal = AbortSignal.any([interrupted, over.signal]);
  const inbox = await openInbox(run);
  const partners = await startPartners();
  try {
    greet(screen, inbox.url, run);
    const shop = await startShop(inbox, partners.url);
    const arrivals = watchArrivals(inbox, (arrival) => screen.arrival(arrival, CHANNEL.name));
    try {
      const traffic = sendTraffic(shop.url, { once: run.once, partners, signal, onScene: screen.scene });
      await Promise.race([traffic, shop.died]);
      const report = await shop.stop();
      const shown = arrivals.end();
      const losses = findLosses(report, shown);
      screen.title('Summary');
      screen.table(summaryRows(report, shown));
      screen.verdict(losses);
      return losses.length === 0 ? 0 : 1;
    } finally {
      arrivals.end();
    }
  } finally {
    over.abort();
    partners.close();
    await inbox.close();
  }
}

function greet(screen: Screen, url: string, { once }: Run): void {
  screen.title('opentelemetry-exporter-slack: a shop, its errors, and their messages in Slack');
  screen.line(`The channel as a page: ${url}${once ? '' : '   (Ctrl-C ends)'}`);
  screen.line('Open it, and react to a message: 🔕 silences the problem, ✅ closes it until it returns.');
  screen.line();
}

/** The port that was asked for. Otherwise the default port if it is free, else any free one. */
async function openInbox({ once, port }: Run) {
  const chosenPort = port ?? (once ? 0 : DEFAULT_PORT);
  try {
    return await startInbox({ port: chosenPort, channels: [CHANNEL] });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (port === undefined && code === 'EADDRINUSE') return startInbox({ channels: [CHANNEL] });
    if (code === 'EADDRINUSE') throw new DemoFailure(`port ${chosenPort} is in use; choose another one with --port`);
    if (code === 'EACCES')
      throw new DemoFailure(`port ${chosenPort} needs administrator rights; choose one above 1023`);
    throw error;
  }
}

/** npm and tsx forward a Ctrl-C that this process has received already. A second SIGINT within this time is the same Ctrl-C. */
const SAME_CTRL_C_MILLIS = 500;

/** The first Ctrl-C ends the demo in order, a second one at once. The shop ends with the demo: see 'disconnect' in service.ts. */
function untilInterrupted(): AbortSignal {
  const stop = new AbortController();
  let interruptedAt = Number.POSITIVE_INFINITY;
  const interrupt = (): void => {
    if (performance.now() - interruptedAt > SAME_CTRL_C_MILLIS) process.exit(130);
    interruptedAt = Math.min(interruptedAt, performance.now());
    stop.abort();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  // `npm run demo | head` closes the pipe.
  process.stdout.on('error', () => stop.abort());
  return stop.signal;
}

process.exitCode = await main(process.argv.slice(2));
