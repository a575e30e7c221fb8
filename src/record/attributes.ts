import { CopiedText, type Copy, copyValue, readEntry, UNREADABLE } from './copy-value.js';
import { SAMPLE_LIMITS } from './limits.js';
import { firstNames, type ReadingTime } from './read-field.js';

/** An error in the attributes of a record: `exception.*`, pino's `err`, or winston's `error` and `stack`. */
export interface ExceptionView {
  readonly type: string | undefined;
  readonly message: string | undefined;
  readonly stack: string | undefined;
  /** The attribute that contains the error; `exception` for the separate attributes `exception.*`. */
  readonly source: 'exception' | 'err' | 'error' | 'stack';
}

/** The attribute with which an app sets the fingerprint of a record. */
export const FINGERPRINT_KEY = 'slack.fingerprint';

/** The attributes that may contain an exception. */
export const EXCEPTION_SOURCE_KEYS: readonly string[] = [
  'exception.type',
  'exception.message',
  'exception.stacktrace',
  'err',
  'error',
  'stack',
];

/** The value of `err` or `error`, and the error in it. */
interface ErrorAttribute {
  readonly value: unknown;
  readonly error: ExceptionView | undefined;
  /** The fields of the value that were read. */
  readonly known: ReadonlyMap<string, unknown> | undefined;
}

/**
 * The attributes of a record. Each getter of the app runs at most once, however many routes and samples ask for its value.
 * Never throws.
 */
export class Attributes {
  readonly #source: object;
  readonly #time: ReadingTime;
  /** These are read for every record. A map of them would cost more than reading the record. */
  readonly #exceptionStack: unknown;
  readonly #exceptionType: unknown;
  readonly #exceptionMessage: unknown;
  readonly #stack: unknown;
  readonly #fingerprint: unknown;
  #err: ErrorAttribute | undefined;
  #error: ErrorAttribute | undefined;
  /** Created with the first entry: most records need none. */
  #values: Map<string, unknown> | undefined;
  #copies: Map<string, Copy> | undefined;
  #names: readonly string[] | undefined;
  /** The exception is an argument of the log call and no error. */
  #isArgument = false;
  /** The size of further copies, so that the time for all of them is bounded. */
  #left: number = SAMPLE_LIMITS.attributesText;

  constructor(source: unknown, time: ReadingTime) {
    this.#source = typeof source === 'object' && source !== null ? source : {};
    this.#time = time;
    this.#exceptionStack = this.#readFirst('exception.stacktrace');
    this.#exceptionType = this.#readFirst('exception.type');
    this.#exceptionMessage = this.#readFirst('exception.message');
    this.#stack = this.#readFirst('stack');
    this.#fingerprint = this.#readFirst(FINGERPRINT_KEY);
  }

  /** Returns a value of the app; `undefined` when it cannot be read. */
  get(key: string): unknown {
    const value = this.#valueOf(key);
    return CopiedText.is(value) ? undefined : value;
  }

  /** Returns the value of an attribute that is not inherited. */
  own(key: string): unknown {
    try {
      return Object.hasOwn(this.#source, key) ? this.get(key) : undefined;
    } catch {
      return undefined;
    }
  }

  /** The fingerprint that the app sets. */
  fingerprint(): string | undefined {
    return textOr(this.#fingerprint);
  }

  /**
   * The exception of the record. Log bridges hand over any argument of a log call as an exception (`log.error('User %s not
   * found', 'bob')`): without a stack and without the class of an error it says less than a body, and is an ordinary
   * attribute.
   */
  exception(hasBody: boolean): ExceptionView | undefined {
    const exception = this.#exception();
    this.#isArgument = hasBody && exception !== undefined && !isError(exception);
    return this.#isArgument ? undefined : exception;
  }

  #exception(): ExceptionView | undefined {
    const type = textOr(this.#exceptionType);
    const message = textOr(this.#exceptionMessage);
    const stack = textOr(this.#exceptionStack);
    if (type ?? message ?? stack) return { type, message, stack, source: 'exception' };
    return this.#errorIn('err').error ?? this.#errorIn('error').error ?? readStackOnly(textOr(this.#stack));
  }

  /**
   * Whether an attribute is part of the exception of its record and is not kept a second time. A text in `err` is an
   * ordinary attribute.
   */
  isShownAsException(key: string): boolean {
    if (this.#isArgument) return false;
    if (key === 'err' || key === 'error') return this.#errorIn(key).error !== undefined;
    if (key === 'stack') return readStackOnly(textOr(this.#stack)) !== undefined;
    return key === 'exception.type' || key === 'exception.message' || key === 'exception.stacktrace';
  }

  /** Returns the names of the attributes that a sample shows. */
  names(): readonly string[] {
    if (this.#names !== undefined) return this.#names;
    this.#time.restart();
    try {
      this.#names = firstNames(this.#source, SAMPLE_LIMITS.attributes, this.#time).names;
    } catch {
      this.#names = [];
    }
    return this.#names;
  }

  /** Returns a copy of an attribute. A text takes the place of a value that cannot be read. */
  copyOf(key: string): Copy {
    const known = this.#copies?.get(key);
    if (known !== undefined) return known;
    const copy = this.#copy(key);
    this.#copies ??= new Map();
    this.#copies.set(key, copy);
    return copy;
  }

  #copy(key: string): Copy {
    const known = key === 'err' || key === 'error' ? this.#errorIn(key).known : undefined;
    const maxSize = Math.max(1, Math.min(this.#left, SAMPLE_LIMITS.attributeText));
    const value = this.#valueOf(key);
    if (typeof value === 'object' && value !== null) this.#left -= maxSize;
    return copyValue(value, { maxSize, time: this.#time, known });
  }

  #valueOf(key: string): unknown {
    if (key === 'exception.stacktrace') return this.#exceptionStack;
    if (key === 'exception.type') return this.#exceptionType;
    if (key === 'exception.message') return this.#exceptionMessage;
    if (key === 'stack') return this.#stack;
    if (key === FINGERPRINT_KEY) return this.#fingerprint;
    if (key === 'err' || key === 'error') return this.#errorIn(key).value;
    return this.#values?.get(key) ?? this.#read(key);
  }

  #read(key: string): unknown {
    const value = readEntry(this.#source, key, this.#time);
    this.#values ??= new Map();
    this.#values.set(key, value);
    return value;
  }

  /** Reads an attribute that is looked for in every record. Most records have none, and then the clock is not read. */
  #readFirst(key: string): unknown {
    if (this.#time.wasOver) return readEntry(this.#source, key, this.#time);
    try {
      const value = (this.#source as Readonly<Record<string, unknown>>)[key];
      // An object's own fields are timed when they are read.
      if (typeof value === 'string') this.#time.isOverAfter(this.#source, key);
      return value;
    } catch {
      return UNREADABLE;
    }
  }

  #errorIn(key: 'err' | 'error'): ErrorAttribute {
    if (key === 'err') {
      this.#err ??= this.#readError(key);
      return this.#err;
    }
    this.#error ??= this.#readError(key);
    return this.#error;
  }

  /** Reads pino's `err: { type, message, stack }`. winston and others write `name` instead of `type`. */
  #readError(source: 'err' | 'error'): ErrorAttribute {
    const value = this.#readFirst(source);
    if (typeof value !== 'object' || value === null || CopiedText.is(value)) return plainAttribute(value);
    return this.#readErrorFields(value, source);
  }

  #readErrorFields(value: object, source: 'err' | 'error'): ErrorAttribute {
    const type = this.#fieldOf(value, 'type');
    const name = textOr(type) === undefined ? this.#fieldOf(value, 'name') : undefined;
    const message = this.#fieldOf(value, 'message');
    const stack = this.#fieldOf(value, 'stack');
    const error = { type: textOr(type) ?? textOr(name), message: textOr(message), stack: textOr(stack), source };
    if (error.message ?? error.stack) return { value, error, known: undefined };
    return { value, error: undefined, known: new Map(Object.entries({ type, name, message, stack })) };
  }

  #fieldOf(owner: object, key: string): unknown {
    return readEntry(owner, key, this.#time);
  }
}

/**
 * Classes of errors (`TypeError`, `java.lang.IllegalStateException`, `Http2Exception`) and codes (`ECONNREFUSED`, `23505`),
 * by which an exception without a stack is known as one.
 */
const ERROR_TYPE =
  /(?:Error|Exception|Failure|Fault|Timeout|Abort|Rejection|Warning|Err|Panic)(?:\d{0,3}|s)$|^[A-Z][A-Z\d]*(?:_[A-Z\d]+)*$|^\d{1,6}$|^(?:\w+[.:\\]+)+\w+$/;
const MAX_TYPE_LENGTH = 200;

function isError({ type, stack }: ExceptionView): boolean {
  return stack !== undefined || (type !== undefined && ERROR_TYPE.test(type.slice(0, MAX_TYPE_LENGTH)));
}

const NO_ATTRIBUTE: ErrorAttribute = { value: undefined, error: undefined, known: undefined };

function plainAttribute(value: unknown): ErrorAttribute {
  return value === undefined ? NO_ATTRIBUTE : { value, error: undefined, known: undefined };
}

/** Returns the value when it is a text that is not empty. */
export function textOr(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The frames begin in this part of a stack. */
const MAX_TITLE_LENGTH = 8_192;

/**
 * Reads the attribute `stack` of winston's `format.errors({ stack: true })`. Its first line names the error. The line is
 * not cut here, because its secrets are not redacted yet.
 */
function readStackOnly(stack: string | undefined): ExceptionView | undefined {
  const start = stack?.slice(0, MAX_TITLE_LENGTH);
  if (start === undefined || !/\n[ \t]{1,20}at /.test(start)) return undefined;
  const [, type, message] = /^(?:Uncaught )?([\w$.]{1,100}?)(?: \[\w{1,60}\])?: (.*)/.exec(start) ?? [];
  return { type, message, stack, source: 'stack' };
}
