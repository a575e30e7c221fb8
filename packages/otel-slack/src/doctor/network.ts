import type { Environment } from '../../../../src/config/index.js';
import { isLoopback } from '../../../../src/util/index.js';
import { chooseProxy, misspeltExemption, type ProxyChoice } from './proxy.js';
import { remedyOf } from './remedies.js';
import {
  type Attempt,
  openSocket,
  openTunnel,
  type Peer,
  resolveHost,
  tlsHandshake,
  withoutBrackets,
} from './sockets.js';
import { hasProblem, type Step, type Steps, stepsAbout } from './step.js';

/** Checks the connection to a host: proxy, DNS, TCP, TLS. */
export async function checkNetwork(url: URL, environment: Environment): Promise<readonly Step[]> {
  const steps = stepsAbout(url.host);
  const choice: ProxyChoice = isLoopback(url)
    ? { kind: 'none', reason: 'no proxy is used for this machine' }
    : chooseProxy(url, environment);
  if (choice.kind === 'invalid') {
    const remedy = `correct or unset ${choice.variable}; until then the exporter connects without a proxy`;
    return [steps.problem('proxy', `${choice.variable} ${choice.problem}`, remedy)];
  }
  if (choice.kind === 'proxy') return checkThroughProxy(url, choice, environment);
  return [steps.skipped('proxy', choice.reason), ...(await checkDirectly(url, steps))];
}

async function checkThroughProxy(
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
    return [steps.problem('proxy', `${misspelt} has ${url.hostname} as a URL, which has no effect`, remedy)];
  }
  const tunnel = await openTunnel(proxy, url.hostname, portOf(url));
  if ('code' in tunnel)
    return [steps.problem('proxy', `${name}: ${proxyFailure(tunnel.code)}`, proxyRemedy(tunnel.code, variable))];
  return [
    steps.ok('proxy', name),
    steps.skipped('dns', 'the proxy resolves names'),
    tlsStep(await tlsHandshake(tunnel.value, url.hostname), steps),
  ];
}

function proxyFailure(code: string): string {
  return /^\d+$/.test(code) ? `CONNECT was answered with ${code}` : code;
}

function proxyRemedy(code: string, variable: string): string {
  if (code === '407') return `give the proxy a user and a password: ${variable}=http://user:password@host:port`;
  if (code === '403') return 'ask the administrator of the proxy to allow this host';
  if (/^\d+$/.test(code)) return 'the proxy cannot reach Slack; ask its administrator, or set another proxy';
  return `${remedyOf(code)}; check ${variable}`;
}

async function checkDirectly(url: URL, steps: Steps): Promise<readonly Step[]> {
  const dns = await dnsStep(url, steps);
  if (hasProblem([dns])) return [dns];
  const opened = await openSocket(withoutBrackets(url.hostname), portOf(url));
  if ('code' in opened) {
    return [dns, steps.problem('connection', `port ${portOf(url)}: ${opened.code}`, remedyOf(opened.code))];
  }
  if (url.protocol === 'https:') return [dns, tlsStep(await tlsHandshake(opened.value, url.hostname), steps)];
  opened.value.destroy();
  return [dns, steps.skipped('tls', 'plain http, which is allowed only on this machine')];
}

async function dnsStep({ hostname }: URL, steps: Steps): Promise<Step> {
  if (/^[\d.]+$|^\[/.test(hostname)) return steps.skipped('dns', 'the host is an IP address');
  const found = await resolveHost(hostname);
  if ('code' in found) return steps.problem('dns', `${hostname}: ${found.code}`, remedyOf(found.code));
  const [first = '', ...others] = found.value;
  return steps.ok('dns', `${hostname} is ${first}${others.length > 0 ? ` and ${others.length} more` : ''}`);
}

function tlsStep(handshake: Attempt<Peer>, steps: Steps): Step {
  if ('code' in handshake) return steps.problem('tls', handshake.code, remedyOf(handshake.code));
  const { protocol, issuer, validTo, trustError } = handshake.value;
  const certificate = `certificate by ${issuer}, valid until ${validTo}`;
  if (trustError !== undefined) return steps.problem('tls', `${trustError} (${certificate})`, remedyOf(trustError));
  return steps.ok('tls', `${protocol}, ${certificate}`);
}

function portOf({ port, protocol }: URL): number {
  return Number(port) || (protocol === 'https:' ? 443 : 80);
}
