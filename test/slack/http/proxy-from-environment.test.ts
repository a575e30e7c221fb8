import { equal } from 'node:assert/strict';
import { proxyFromEnvironment } from '../../../src/slack/http/proxy-from-environment.js';

const PROXY = 'http://proxy.example:3128';
const OTHER = 'http://other.example:8080';

/** As undici's EnvHttpProxyAgent chooses. */
describe('the proxy of a request to https://slack.com', () => {
  const cases: readonly (readonly [string, Readonly<Record<string, string>>, string | undefined])[] = [
    ['is none when no variable is set', {}, undefined],
    ['is the one in HTTPS_PROXY', { HTTPS_PROXY: PROXY, HTTP_PROXY: OTHER }, PROXY],
    ['is the one in https_proxy before HTTPS_PROXY', { HTTPS_PROXY: OTHER, https_proxy: PROXY }, PROXY],
    ['is none when https_proxy is empty', { HTTPS_PROXY: PROXY, https_proxy: '' }, undefined],
    ['is the one in HTTP_PROXY when there is no HTTPS_PROXY', { HTTP_PROXY: PROXY }, PROXY],
    ['is none when the variable is no URL', { HTTPS_PROXY: 'proxy at home' }, undefined],
    ['is none when the URL has another protocol', { HTTPS_PROXY: 'ftp://proxy.example' }, undefined],
    ['is none when NO_PROXY names the host', { HTTPS_PROXY: PROXY, NO_PROXY: 'a.example, slack.com' }, undefined],
    ['is none when NO_PROXY names the domain', { HTTPS_PROXY: PROXY, NO_PROXY: '.slack.com' }, undefined],
    ['is none when NO_PROXY names all subdomains', { HTTPS_PROXY: PROXY, NO_PROXY: '*.slack.com' }, undefined],
    ['is none when NO_PROXY names the port', { HTTPS_PROXY: PROXY, NO_PROXY: 'slack.com:443' }, undefined],
    ['is none when NO_PROXY names everything', { HTTPS_PROXY: PROXY, NO_PROXY: '*' }, undefined],
    ['stays when NO_PROXY names another port', { HTTPS_PROXY: PROXY, NO_PROXY: 'slack.com:8443' }, PROXY],
    ['stays when NO_PROXY names other hosts', { HTTPS_PROXY: PROXY, NO_PROXY: 'notslack.com,lack.com' }, PROXY],
  ];
  for (const [title, variables, expected] of cases) {
    it(title, () => {
      const proxy = proxyFromEnvironment(new URL('https://slack.com/api/'), variables);
      equal(proxy?.href, expected && new URL(expected).href);
    });
  }
});
