// An ESM app without OpenTelemetry in its code. register.cjs starts it.
import Fastify from 'fastify';

const app = Fastify({ logger: true });
app.get('/carts/:id', async () => {
  throw new RangeError('the cart is empty');
});
const url = await app.listen({ port: 0, host: '127.0.0.1' });
await fetch(`${url}/carts/88`);
await app.close();
