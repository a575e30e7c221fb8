// A CommonJS app without OpenTelemetry in its code. register.cjs starts it.
const app = require('express')();
app.get('/carts/:id', () => {
  throw new RangeError('the cart is empty');
});
const server = app.listen(0, '127.0.0.1', async () => {
  await fetch(`http://127.0.0.1:${server.address().port}/carts/88`);
  server.close();
});
