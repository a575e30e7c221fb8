// An app without a logger. The code does not mention Slack. Start it with
//   node --import opentelemetry-exporter-slack/register console.mjs
// console.error writes an ERROR, console.warn a WARN. Other console methods are not read.
console.log('checking 3 certificates');
console.error('shop.example.org:', new Error('the certificate ends tomorrow'));

// An uncaught exception ends the process as usual, and arrives as FATAL.
setTimeout(() => {
  throw new RangeError('there is no certificate 4');
}, 100);
