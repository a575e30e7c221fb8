// A CommonJS app that ends as it is told, with what is built. Started by process-ends.test.ts and as-without-us.test.ts.
const { isWithUs, run } = require('./ends-app.cjs');

run(isWithUs ? require('opentelemetry-exporter-slack').createSlackLogRecordProcessor : undefined);
