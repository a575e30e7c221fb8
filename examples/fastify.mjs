// A Fastify app, as an ES module. The code does not mention Slack. Start it with
//   node --import opentelemetry-exporter-slack/register fastify.mjs
// and install @opentelemetry/instrumentation-pino, because Fastify logs with pino.
import Fastify from 'fastify';

// Without a logger, Fastify does not report errors.
const app = Fastify({ logger: true });

// Fastify logs an error that becomes a 5xx answer as ERROR, and one that becomes a 4xx answer as INFO.
app.get('/carts/:id', async (request) => {
  throw new RangeError(`cart ${request.params.id} is empty`);
});

await app.listen({ port: Number(process.env.PORT ?? 3000), host: '127.0.0.1' });
