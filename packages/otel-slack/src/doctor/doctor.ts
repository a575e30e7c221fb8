import type { Command } from 'commander';
import { resolveOptions } from '../../../../src/config/index.js';
import { createColors } from '../shared/colors.js';
import { type CliCommand, EXIT, type Io } from '../shared/command.js';
import { readConfiguration } from '../shared/configuration.js';
import { addExamples } from '../shared/help.js';
import { configOption } from '../shared/options.js';
import { checkDestinations } from './check-destinations.js';
import { checkConfig } from './config.js';
import { checkLocal } from './local.js';
import { createReport, verdict } from './report.js';
import { createSlackApi } from './slack-api.js';
import { hasProblem, type Step } from './step.js';

interface DoctorOptions {
  readonly send?: true;
  readonly config?: string;
  readonly json?: true;
}

export const doctor: CliCommand = {
  name: 'doctor',
  declare: declareDoctor,
  run: (parsed, io) => runDoctor(parsed.opts(), io),
};

function declareDoctor(command: Command): void {
  command
    .summary('check step by step what alerts need to arrive, and print what to do')
    .description(
      'Reads the environment and the file as the exporter does, and checks in this order: versions, options, proxy, ' +
        'DNS, TLS, token, scopes, channel, clock. Run it where the app runs. Secrets are never printed.\n\n' +
        'Exit code: 0 without a problem, 1 with one, 2 for wrong arguments.',
    )
    .option('--send', 'post one test alert to each destination; it mentions nobody')
    .addOption(configOption())
    .option('--json', 'print the results as one JSON object');
  addExamples(command, ['otel-slack doctor', 'otel-slack doctor --send', 'otel-slack doctor --json | jq .ok']);
}

async function runDoctor(options: DoctorOptions, io: Io): Promise<number> {
  const steps: Step[] = [];
  const colors = createColors(io.stdout, io.environment);
  const report = options.json ? () => {} : createReport(io.stdout, colors);
  for await (const step of checkAll(options, io)) {
    if (io.stopped.aborted) return EXIT.interrupted;
    steps.push(step);
    report(step);
  }
  const ok = !hasProblem(steps);
  io.stdout.write(options.json ? `${JSON.stringify({ ok, steps }, null, 2)}\n` : `\n${verdict(steps, colors)}\n`);
  return ok ? EXIT.ok : EXIT.problem;
}

/** All checks. A later check depends on the earlier ones. */
async function* checkAll({ config, send }: DoctorOptions, io: Io): AsyncGenerator<Step> {
  const { clock, environment, stopped: signal } = io;
  yield* checkLocal(io);
  const file = readConfiguration(config, io);
  const resolved = resolveOptions({}, environment, file);
  yield* checkConfig(resolved, environment, file);
  const { settings } = resolved;
  const api = createSlackApi({ clock, timeoutMillis: settings.timeoutMillis, signal });
  try {
    yield* checkDestinations(settings, { api, clock, environment, isSending: send === true });
  } finally {
    await api.close();
  }
}
