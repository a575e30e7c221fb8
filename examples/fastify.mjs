// A Fastify app, as ES module. Nothing in here knows of Slack: it is started with
//   node --import opentelemetry-exporter-slack/register fastify.mjs
// and has @opentelemetry/instrumentation-pino installed, because Fastify logs with pino.
import Fastify from 'fastify';

// Without a logger Fastify keeps errors to itself.
const app = Fastify({ logger: true });

// Fastify logs what answers with 5xx as error. What answers with 4xx is the client's problem, and an info.
app.get('/carts/:id', async (request) => {
  throw new RangeError(`cart ${request.params.id} is empty`);
});

await app.listen({ port: Number(process.env.PORT ?? 3000), host: '127.0.0.1' });
