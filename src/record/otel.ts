import type { Context, HrTime, SpanContext } from '@opentelemetry/api';

/**
 * What this package reads of an OpenTelemetry log record: the part of the SDK's `ReadableLogRecord` that sdk-logs
 * 0.2xx and 3.x share. Written down here because `@opentelemetry/sdk-logs` may be absent (it is an optional peer),
 * and a type that cannot be resolved would break the compilation of whoever imports us.
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

/** The part of the SDK's `Resource` that is read. */
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

/** What the SDK asks a processor before it builds a record. */
export interface EnabledOptions {
  readonly context: Context;
  readonly instrumentationScope: InstrumentationScope;
  readonly severityNumber?: number | undefined;
  readonly eventName?: string | undefined;
}
