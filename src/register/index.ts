import { register } from './register.js';

// The entry for `node --import opentelemetry-exporter-slack/register app.js`. Importing it is enough.
register();
