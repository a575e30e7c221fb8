// An Express app, as CommonJS. The code does not mention Slack. Start it with
//   node --import opentelemetry-exporter-slack/register express.cjs
const express = require('express');

const app = express();

// Express answers an unhandled error with 500 and writes it with console.error: an ERROR, with its stack.
app.get('/carts/:id', (request) => {
  throw new RangeError(`cart ${request.params.id} is empty`);
});

// With an error handler of your own, Express writes nothing. The handler must log, with console.error or a logger.
const till = express.Router();
till.post('/pay', () => {
  throw new Error('the bank is closed');
});
till.use((error, _request, response, _next) => {
  console.error('payment failed', error);
  response.status(502).json({ error: 'try again later' });
});
app.use('/till', till);

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}`);
});
