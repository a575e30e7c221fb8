// An app without a logger. Nothing in here knows of Slack: it is started with
//   node --import opentelemetry-exporter-slack/register console.mjs
// What it writes with console.error is an ERROR, with console.warn a WARN; the rest of the console is not looked at.
console.log('checking 3 certificates');
console.error('shop.example.org:', new Error('the certificate ends tomorrow'));

// What nobody catches ends the process, as ever, and arrives as FATAL.
setTimeout(() => {
  throw new RangeError('there is no certificate 4');
}, 100);
