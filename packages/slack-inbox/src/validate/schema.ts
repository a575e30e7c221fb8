import { isObject } from '../model/index.js';

/** Receives a problem and its JSON pointer. */
type Report = (problem: string, pointer: string) => void;

/** Reports every reason for which Slack would refuse a value. */
export type Check = (value: unknown, pointer: string, report: Report) => void;

export type Fields = Readonly<Record<string, Check>>;

/** Accepts every value. For fields that the inbox does not check. */
export const anything: Check = () => {};

export const boolean: Check = (value, pointer, report) => {
  if (typeof value !== 'boolean') report('must provide a boolean', pointer);
};

export const number: Check = (value, pointer, report) => {
  if (typeof value !== 'number') report('must provide a number', pointer);
};

export function string({ min = 0, max = Infinity }: { min?: number; max?: number } = {}): Check {
  return (value, pointer, report) => {
    if (typeof value !== 'string') return report('must provide a string', pointer);
    if (value.length < min) report(`must be more than ${min - 1} characters`, pointer);
    if (value.length > max) report(`must be less than ${max + 1} characters`, pointer);
  };
}

export function integer({ min, max }: { min: number; max: number }): Check {
  return (value, pointer, report) => {
    if (!Number.isInteger(value)) return report('must provide an integer', pointer);
    if ((value as number) < min || (value as number) > max) report(`must be between ${min} and ${max}`, pointer);
  };
}

export function oneOf(...allowed: readonly string[]): Check {
  return (value, pointer, report) => {
    if (!allowed.includes(value as string)) report('must be a valid enum value', pointer);
  };
}

export function url(max: number): Check {
  return (value, pointer, report) => {
    string({ min: 1, max })(value, pointer, report);
    if (typeof value === 'string' && !isHttpUrl(value)) report('must be a valid URL', pointer);
  };
}

function isHttpUrl(value: string): boolean {
  return /^https?:\/\/\S+$/i.test(value) && URL.canParse(value);
}

export function list(item: Check, { min = 0, max = Infinity }: { min?: number; max?: number } = {}): Check {
  return (value, pointer, report) => {
    if (!Array.isArray(value)) return report('must provide an array', pointer);
    if (value.length < min) report(`no less than ${min} items allowed`, pointer);
    if (value.length > max) return report(`no more than ${max} items allowed`, pointer);
    value.forEach((entry, index) => {
      item(entry, `${pointer}/${index}`, report);
    });
  };
}

/** An object with these fields and no others. `type` is always allowed; {@link typed} checks it. */
export function object({ required = {}, optional = {} }: { required?: Fields; optional?: Fields }): Check {
  const fields: Fields = { ...optional, ...required };
  return (value, pointer, report) => {
    if (!isObject(value)) return report('must provide an object', pointer);
    for (const name of Object.keys(required)) {
      if (!Object.hasOwn(value, name)) report(`missing required field: ${name}`, pointer);
    }
    for (const [name, entry] of Object.entries(value)) {
      const check = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (check) check(entry, `${pointer}/${name}`, report);
      else if (name !== 'type') report(`invalid additional property: ${name}`, pointer);
    }
  };
}

/** An object with these fields, all optional, and any others. */
export function open(fields: Fields): Check {
  return (value, pointer, report) => {
    for (const [name, check] of Object.entries(fields)) {
      if (isObject(value) && Object.hasOwn(value, name)) check(value[name], `${pointer}/${name}`, report);
    }
  };
}

/** An object whose `type` selects the check. */
export function typed(types: Fields): Check {
  return (value, pointer, report) => {
    if (!isObject(value)) return report('must provide an object', pointer);
    const type = value.type;
    if (type === undefined) return report('missing required field: type', pointer);
    const check = typeof type === 'string' && Object.hasOwn(types, type) ? types[type] : undefined;
    if (check) check(value, pointer, report);
    else report(`unsupported type: ${String(type).slice(0, 80)}`, `${pointer}/type`);
  };
}

/** Runs all checks, in this order. */
export function all(...checks: readonly Check[]): Check {
  return (value, pointer, report) => {
    for (const check of checks) check(value, pointer, report);
  };
}
