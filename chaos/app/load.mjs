// The records of the app under chaos, by kind.

const FATAL = 21;
const ERROR = 17;
const PAD = 'the disk is full and nobody knows why. ';

/** Returns the problem that a sample names, or `none`: the error that ends the process has no problem. */
export function problemOf({ message, exception }) {
  return /\bproblem (q[a-z]+)\b/.exec(`${message} ${exception?.message ?? ''}`)?.[1] ?? 'none';
}

/** The records of each kind. `body` names the problem. */
const KINDS = {
  equal: () => ({}),
  fatal: () => ({ severityNumber: FATAL, severityText: 'FATAL' }),
  error: ({ problem, body }) => ({ exception: errorOf(problem, body) }),
  huge: ({ body }) => ({ body: body + PAD.repeat(10_000), attributes: manyAttributes() }),
  hostile: () => ({ attributes: hostileAttributes() }),
  secret: ({ body, config }) => ({
    body: `${body} with Bearer ${config.planted.bearer}`,
    attributes: { password: config.planted.password, 'db.url': `postgres://app:${config.planted.password}@db/shop` },
  }),
  poison: ({ body, config }) => ({ body: `${body} ${config.word}` }),
  // Many problems at once.
  crowd: ({ body, at }) => ({ body: body.replace(/$/, ` in ${wordOf(at)}`) }),
};

/** Emits `count` records of one problem. A crowd counts as one problem for the judge, and is many for the exporter. */
export function emitRecords(logger, { kind, problem, count, config }) {
  for (let at = 0; at < count; at++) {
    const body = `problem ${problem}: the charge failed`;
    const { attributes, ...fields } = KINDS[kind]({ problem, body, at, config });
    logger.emit({
      ...{ severityNumber: ERROR, severityText: 'ERROR', body, ...fields },
      // The SDK keeps the first 128 attributes.
      attributes: { 'chaos.problem': problem, 'http.route': '/orders/:id', ...attributes },
    });
  }
}

function errorOf(problem, message) {
  const error = new RangeError(message);
  const frames = ['charge', 'pay', 'handle'].map(
    (name, at) => `    at ${name}${problem} (/srv/${problem}.js:${at + 1}:7)`,
  );
  error.stack = [`RangeError: ${message}`, ...frames].join('\n');
  return error;
}

function wordOf(number) {
  return [...`${1_000 + number}`].map((digit) => 'acegikmoqs'[digit]).join('');
}

function manyAttributes() {
  return Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`key.${at}`, PAD.repeat(20)]));
}

function hostileAttributes() {
  const cycle = { big: 10n, bytes: Buffer.alloc(100), lone: '\ud800', ['__proto__']: { polluted: true } };
  cycle.self = cycle;
  Object.defineProperty(cycle, 'getter', { enumerable: true, get: () => throwError('a getter') });
  return { cycle, json: { toJSON: () => throwError('toJSON') }, escape: '\u001b[2J<!channel> *bold*', nan: Number.NaN };
}

function throwError(name) {
  throw new Error(`${name} throws`);
}
