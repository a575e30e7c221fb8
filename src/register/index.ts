import { register } from './register.js';

// For `node --import opentelemetry-exporter-slack/register app.js`: to import this file is all there is to do.
register();
