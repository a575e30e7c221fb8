import type { Context, HrTime, SpanContext } from '@opentelemetry/api';

/**
 * The fields of an OpenTelemetry log record that this package reads: the part of the SDK's `ReadableLogRecord` that
 * sdk-logs 0.2xx and 3.x share. It is declared here because `@opentelemetry/sdk-logs` is an optional peer: when it is
 * absent, a type imported from it would break the compilation of the app.
 */
export interface ReadableLogRecord {
  readonly hrTime: HrTime;
  readonly hrTimeObserved?: HrTime;
  readonly severityNumber?: number | undefined;
  readonly severityText?: string | undefined;
  readonly body?: unknown;
  readonly eventName?: string | undefined;
  readonly spanContext?: SpanContext | undefined;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly resource: ReadableResource;
  readonly instrumentationScope: InstrumentationScope;
}

/** The fields of the SDK's `Resource` that this package reads. */
export interface ReadableResource {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly asyncAttributesPending?: boolean;
  getRawAttributes?(): readonly (readonly [string, unknown])[];
}

/** The name and version of the library or logger that emitted a record. */
export interface InstrumentationScope {
  readonly name: string;
  readonly version?: string | undefined;
}

/** The options of a processor's `enabled()`, which the SDK calls before it builds a record. */
export interface EnabledOptions {
  readonly context: Context;
  readonly instrumentationScope: InstrumentationScope;
  readonly severityNumber?: number | undefined;
  readonly eventName?: string | undefined;
}
