// Next.js 15 and newer. Put this file next to `app/`. Next calls register() when a server starts, and onRequestError()
// for each error of a page, a route handler or a server action. Other code logs with `logs.getLogger('shop').emit(…)`.
// next.config.ts needs no option for it.
import type { LoggerProvider } from '@opentelemetry/sdk-logs';

let provider: LoggerProvider | undefined;

export async function register(): Promise<void> {
  // Next also builds this file for the edge runtime, which is not Node.js.
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { logs } = await import('@opentelemetry/api-logs');
  const { LoggerProvider } = await import('@opentelemetry/sdk-logs');
  const { createSlackLogRecordProcessor } = await import('opentelemetry-exporter-slack');
  provider = new LoggerProvider({ processors: [createSlackLogRecordProcessor({ attributes: ['next.*'] })] });
  logs.setGlobalLoggerProvider(provider);
}

/** Next's own type is `Instrumentation.onRequestError`. */
export async function onRequestError(
  error: unknown,
  request: { readonly path: string; readonly method: string },
  context: { readonly routePath: string; readonly routeType: string },
): Promise<void> {
  provider?.getLogger('next').emit({
    severityNumber: 17,
    severityText: 'ERROR',
    body: 'a request failed',
    exception: error instanceof Error ? error : new Error(String(error)),
    attributes: {
      'http.request.method': request.method,
      'http.route': context.routePath,
      'next.route_type': context.routeType,
    },
  });
  // Vercel and Lambda freeze the process between requests, so the record must be delivered now.
  if (process.env.VERCEL || process.env.AWS_LAMBDA_FUNCTION_NAME) await provider?.forceFlush();
}
