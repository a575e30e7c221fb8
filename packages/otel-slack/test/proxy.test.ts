import { equal } from 'node:assert/strict';
import { chooseProxy } from '../src/doctor/proxy.js';

/** The expected choices are those of undici's EnvHttpProxyAgent. */
describe('chooseProxy', () => {
  const proxy = 'http://proxy.example:3128';
  const cases: readonly (readonly [string, Record<string, string>, string])[] = [
    ['no variable is set', {}, 'none'],
    ['HTTPS_PROXY', { HTTPS_PROXY: proxy }, 'HTTPS_PROXY'],
    ['a lowercase variable goes first', { HTTPS_PROXY: 'nonsense', https_proxy: proxy }, 'https_proxy'],
    ['an empty lowercase variable hides the other', { HTTPS_PROXY: proxy, https_proxy: '' }, 'none'],
    ['HTTP_PROXY when HTTPS_PROXY is not set', { HTTP_PROXY: proxy }, 'HTTP_PROXY'],
    ['a value that is no URL', { HTTPS_PROXY: 'proxy at home' }, 'invalid'],
    ['a URL without a host', { HTTPS_PROXY: 'http://' }, 'invalid'],
    ['a URL of another protocol', { HTTPS_PROXY: 'ftp://proxy.example' }, 'invalid'],
    ['NO_PROXY names the host', { HTTPS_PROXY: proxy, NO_PROXY: 'a.example, slack.com' }, 'none'],
    ['NO_PROXY names the domain', { HTTPS_PROXY: proxy, NO_PROXY: '.slack.com' }, 'none'],
    ['NO_PROXY names the port', { HTTPS_PROXY: proxy, NO_PROXY: 'slack.com:443' }, 'none'],
    ['NO_PROXY names another port', { HTTPS_PROXY: proxy, NO_PROXY: 'slack.com:8443' }, 'HTTPS_PROXY'],
    ['NO_PROXY names another host', { HTTPS_PROXY: proxy, NO_PROXY: 'notslack.com,lack.com' }, 'HTTPS_PROXY'],
    ['NO_PROXY names everything', { HTTPS_PROXY: proxy, NO_PROXY: '*' }, 'none'],
  ];
  for (const [title, environment, expected] of cases) {
    it(title, () => {
      const choice = chooseProxy(new URL('https://slack.com/api/'), environment);
      equal(choice.kind === 'proxy' ? choice.variable : choice.kind, expected);
    });
  }
});
