import type { Redactor } from '../redact/index.js';
import { clean, startOf } from '../util/index.js';
import { CopiedText, copyValue, readEntry } from './copy-value.js';
import { SAMPLE_LIMITS } from './limits.js';
import type { ReadableResource } from './otel.js';
import { ReadingTime } from './read-field.js';
import { READ_BEYOND_CUT, redactedStart } from './redacted-start.js';
import { textOfCopy } from './stringify.js';

/** The source of a record: the resource attributes that a message shows. Neither redacted nor cut for display. */
export interface ResourceView {
  readonly serviceName: string | undefined;
  readonly serviceNamespace: string | undefined;
  readonly serviceVersion: string | undefined;
  readonly serviceInstanceId: string | undefined;
  readonly environment: string | undefined;
  /** The Kubernetes pod, else the host. */
  readonly host: string | undefined;
}

/** A provider uses one resource object for all its records, so each is read once. */
const cache = new WeakMap<ReadableResource, ResourceView>();

/** Reads a resource. While its detectors are running, only the settled attributes are read and nothing is cached. */
export function readResource(resource: ReadableResource | undefined): ResourceView {
  if (typeof resource !== 'object' || resource === null) return toView({});
  const known = cache.get(resource);
  if (known) return known;
  try {
    const view = toView(settledAttributes(resource));
    if (!resource.asyncAttributesPending) cache.set(resource, view);
    return view;
  } catch {
    return toView({});
  }
}

/** Redacted resources. Each record needs one, and nearly all records share a resource. */
const redacted = new WeakMap<Redactor, WeakMap<ResourceView, ResourceView>>();

/** Returns the resource without secrets. */
export function redactedResource(view: ResourceView, redactor: Redactor): ResourceView {
  const known = redacted.get(redactor)?.get(view);
  if (known !== undefined) return known;
  const shown = withoutSecrets(view, redactor);
  if (!redacted.has(redactor)) redacted.set(redactor, new WeakMap());
  redacted.get(redactor)?.set(view, shown);
  return shown;
}

function withoutSecrets(view: ResourceView, redactor: Redactor): ResourceView {
  const fields = Object.entries(view).map(([key, text]: [string, string | undefined]) => [
    key,
    text && redactedStart(text, SAMPLE_LIMITS.nameText, redactor),
  ]);
  return Object.fromEntries(fields) as unknown as ResourceView;
}

/** While attributes are pending, the SDK logs a `diag.error` at every read of `attributes`. */
function settledAttributes(resource: ReadableResource): Readonly<Record<string, unknown>> {
  if (!resource.asyncAttributesPending) return resource.attributes;
  const raw = resource.getRawAttributes?.() ?? [];
  // The first of two equal keys wins, as in the SDK.
  return Object.fromEntries(raw.filter(([, value]) => !(value instanceof Promise)).toReversed());
}

function toView(attributes: Readonly<Record<string, unknown>>): ResourceView {
  const time = new ReadingTime();
  const text = (...keys: readonly string[]): string | undefined => {
    const value = keys
      .map((key) => readEntry(attributes, key, time))
      .find((found) => found !== undefined && found !== null && found !== '' && !CopiedText.is(found));
    return value === undefined ? undefined : textOfField(value, time);
  };
  return {
    serviceName: text('service.name'),
    serviceNamespace: text('service.namespace'),
    serviceVersion: text('service.version'),
    serviceInstanceId: text('service.instance.id'),
    environment: text('deployment.environment.name', 'deployment.environment'),
    host: text('k8s.pod.name', 'host.name'),
  };
}

/** The number of characters that the redaction reads. */
const NEEDED_LENGTH = SAMPLE_LIMITS.nameText + READ_BEYOND_CUT;
/** More than the redaction reads, also of a text with invisible characters: it must see that the text goes on. */
const MAX_READ_LENGTH = 8 * NEEDED_LENGTH;

function textOfField(value: unknown, time: ReadingTime): string {
  const limits = { maxSize: NEEDED_LENGTH, maxLength: MAX_READ_LENGTH };
  if (typeof value !== 'string') return clean(textOfCopy(copyValue(value, { ...limits, time }), limits));
  if (value.length <= MAX_READ_LENGTH) return clean(value);
  const start = clean(startOf(value, MAX_READ_LENGTH));
  // Nearly all characters are invisible. The visible ones may be the beginning of a secret.
  return start.length < NEEDED_LENGTH ? '' : start;
}
