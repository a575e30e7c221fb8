// A CommonJS app that ends in the given way, with the built package. Started by how-it-ends.test.ts and
// as-without-us.test.ts.
const { isWithUs, run } = require('./ends-app.cjs');

run(isWithUs ? require('opentelemetry-exporter-slack').createSlackLogRecordProcessor : undefined);
