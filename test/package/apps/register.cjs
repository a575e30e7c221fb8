// Starts the apps in this folder with only --import or --require, and checks the inbox.
const assert = require('node:assert/strict');
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { messageText, startInbox } = require('slack-inbox');

const REGISTER = 'opentelemetry-exporter-slack/register';
const STARTS = [
  ['--import', REGISTER, 'register-express.cjs'],
  ['--require', REGISTER, 'register-express.cjs'],
  ['--import', REGISTER, 'register-fastify.mjs'],
];

async function main() {
  for (const args of STARTS) {
    const inbox = await startInbox();
    const env = { ...process.env, OTEL_EXPORTER_SLACK_WEBHOOK_URL: inbox.webhookUrl, NO_PROXY: '127.0.0.1' };
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    const [code] = await once(child, 'close');
    const texts = inbox.messages().map(messageText);
    await inbox.close();
    assert.equal(code, 0, `${args.join(' ')}: ${output}`);
    assert.doesNotMatch(output, /opentelemetry-exporter-slack\/register:/);
    assert.equal(texts.length, 1, `${args.join(' ')}: ${texts}\n${output}`);
    assert.match(texts[0], /ERROR · RangeError: the cart is empty\nshop · 2\.7\.0/);
  }
}

main();
