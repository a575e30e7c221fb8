// An app of ES modules that ends as it is told, with what is built. Started by process-ends.test.ts and as-without-us.test.ts.
import { isWithUs, run } from './ends-app.cjs';

// Both variants import a module, because stacks differ after an `await`.
const { createSlackLogRecordProcessor } = await import(isWithUs ? 'opentelemetry-exporter-slack' : 'node:fs');
run(createSlackLogRecordProcessor);
