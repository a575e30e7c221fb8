import type { Socket } from 'node:net';
import type { Environment } from '../../../../src/config/env.js';
import { isLoopback } from '../../../../src/util/url.js';
import { chooseProxy, misspeltExemption, type ProxyChoice } from './proxy.js';
import { remedyOf } from './remedies.js';
import { type Attempt, bare, openSocket, openTunnel, type Peer, resolveHost, shakeHands } from './sockets.js';
import { hasProblem, type Step, type Steps, stepsAbout } from './step.js';

/** Whether there is a way to a host: the proxy, its name, its certificate. */
export async function checkNetwork(url: URL, environment: Environment): Promise<readonly Step[]> {
  const steps = stepsAbout(url.host);
  const choice: ProxyChoice = isLoopback(url)
    ? { kind: 'none', why: 'none is used to this machine itself' }
    : chooseProxy(url, environment);
  if (choice.kind === 'nonsense') {
    const remedy = `mend or unset ${choice.variable}; until then the exporter connects without a proxy`;
    return [steps.problem('proxy', `${choice.variable} ${choice.problem}`, remedy)];
  }
  if (choice.kind === 'proxy') return throughProxy(url, choice, environment);
  return [steps.skipped('proxy', choice.why), ...(await directly(url, steps))];
}

async function throughProxy(
  url: URL,
  { url: proxy, variable }: Extract<ProxyChoice, { kind: 'proxy' }>,
  environment: Environment,
): Promise<readonly Step[]> {
  const steps = stepsAbout(url.host);
  // Without user and password.
  const name = `${proxy.protocol}//${proxy.host} of ${variable}`;
  const misspelt = misspeltExemption(url, environment);
  if (misspelt !== undefined) {
    const remedy = `write ${url.hostname} in ${misspelt}, without https://`;
    return [steps.problem('proxy', `${misspelt} names ${url.hostname} as a URL, which exempts nothing`, remedy)];
  }
  const tunnel = await openTunnel(proxy, url.hostname, portOf(url));
  if ('code' in tunnel)
    return [steps.problem('proxy', `${name}: ${saidOfProxy(tunnel.code)}`, proxyRemedy(tunnel.code, variable))];
  return [
    steps.ok('proxy', name),
    steps.skipped('dns', 'the proxy looks names up'),
    tlsStep(await shakeHands(tunnel.value, url.hostname), steps),
  ];
}

function saidOfProxy(code: string): string {
  return /^\d+$/.test(code) ? `it answers ${code} when asked for a way to Slack` : code;
}

function proxyRemedy(code: string, variable: string): string {
  if (code === '407') return `give the proxy a user and a password: ${variable}=http://user:password@host:port`;
  if (code === '403') return 'ask whoever runs the proxy to let this host through';
  if (/^\d+$/.test(code)) return 'the proxy cannot reach Slack; ask whoever runs it, or name another one';
  return `${remedyOf(code)}; is ${variable} right?`;
}

async function directly(url: URL, steps: Steps): Promise<readonly Step[]> {
  const dns = await dnsStep(url, steps);
  if (hasProblem([dns])) return [dns];
  const opened = await openSocket(bare(url.hostname), portOf(url));
  if ('code' in opened) {
    return [dns, steps.problem('connection', `port ${portOf(url)}: ${opened.code}`, remedyOf(opened.code))];
  }
  if (url.protocol === 'https:') return [dns, tlsStep(await shakeHands(opened.value, url.hostname), steps)];
  end(opened);
  return [dns, steps.skipped('tls', 'plain http, which is allowed on this machine only')];
}

async function dnsStep({ hostname }: URL, steps: Steps): Promise<Step> {
  if (/^[\d.]+$|^\[/.test(hostname)) return steps.skipped('dns', 'an address already');
  const found = await resolveHost(hostname);
  if ('code' in found) return steps.problem('dns', `${hostname}: ${found.code}`, remedyOf(found.code));
  const [first = '', ...others] = found.value;
  return steps.ok('dns', `${hostname} is ${first}${others.length > 0 ? ` and ${others.length} more` : ''}`);
}

function tlsStep(shaken: Attempt<Peer>, steps: Steps): Step {
  if ('code' in shaken) return steps.problem('tls', shaken.code, remedyOf(shaken.code));
  const { protocol, issuer, validTo, distrust } = shaken.value;
  const certificate = `certificate by ${issuer}, valid until ${validTo}`;
  if (distrust !== undefined) return steps.problem('tls', `${distrust} (${certificate})`, remedyOf(distrust));
  return steps.ok('tls', `${protocol}, ${certificate}`);
}

function end(opened: Attempt<Socket>): void {
  if ('value' in opened) opened.value.destroy();
}

function portOf({ port, protocol }: URL): number {
  return Number(port) || (protocol === 'https:' ? 443 : 80);
}
