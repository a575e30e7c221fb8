import { logs } from '@opentelemetry/api-logs';

export const dynamic = 'force-dynamic';

export function GET(): Response {
  logs.getLogger('shop').emit({ severityNumber: 17, severityText: 'ERROR', body: 'no milk left' });
  return new Response('logged');
}
