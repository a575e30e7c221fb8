// An ES module app that ends in the given way, with the built package. Started by how-it-ends.test.ts and
// as-without-us.test.ts.
import { isWithUs, run } from './ends-app.cjs';

// Both variants import a module, because stacks differ after an `await`.
const { createSlackLogRecordProcessor } = await import(isWithUs ? 'opentelemetry-exporter-slack' : 'node:fs');
run(createSlackLogRecordProcessor);
