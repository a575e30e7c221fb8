import assert, { deepEqual, equal } from 'node:assert/strict';
import type { Fault, Inbox } from '../../packages/slack-inbox/src/index.js';
import { createHttpClient, type HttpClient } from '../../src/slack/http/http.js';
import type { Outcome, SlackMessage, SlackRequest } from '../../src/slack/types.js';
import { callWebApi } from '../../src/slack/web-api.js';
import { postToWebhook } from '../../src/slack/webhook.js';
import { systemClock } from '../../src/util/clock.js';
import { opened } from '../support/slack.js';

const HELLO: SlackMessage = { text: 'hello' };

describe('the outcome of Slack’s responses', () => {
  const open = opened();
  let http: HttpClient;
  beforeEach(() => {
    http = createHttpClient({ clock: systemClock, isLocal: true, warn: () => {} });
  });
  afterEach(async () => {
    await http.close();
    await open.closeAll();
  });

  const needs = (timeoutMillis = 2_000) => ({
    http,
    clock: systemClock,
    timeoutMillis,
    signal: new AbortController().signal,
  });

  function byWebhook(inbox: Inbox, message = HELLO, timeoutMillis?: number): Promise<Outcome> {
    return postToWebhook({ kind: 'webhook', url: inbox.webhookUrl }, message, needs(timeoutMillis));
  }

  function byToken(inbox: Inbox, message = HELLO, timeoutMillis?: number): Promise<Outcome> {
    return ask(inbox, { act: 'post', message }, timeoutMillis);
  }

  function ask(inbox: Inbox, request: SlackRequest, timeoutMillis?: number): Promise<Outcome> {
    const { apiUrl, token, channel } = inbox;
    return callWebApi({ kind: 'channel', apiUrl, token, channel }, request, needs(timeoutMillis));
  }

  /** Posts a message with a token. Returns its reference. */
  async function standing(inbox: Inbox) {
    const outcome = await byToken(inbox);
    assert.ok(outcome.kind === 'sent' && outcome.ref, 'Slack says where it stands');
    return outcome.ref;
  }

  /** Returns an outcome without times and reasons. */
  function gist(outcome: Outcome): string {
    return outcome.kind === 'refused' ? `refused: ${outcome.because}` : outcome.kind;
  }

  const refusal = (error: string): Fault => ({ kind: 'error', error });

  const TOKEN_ERRORS: Readonly<Record<string, readonly string[]>> = {
    retry: [
      'ratelimited',
      'rate_limited',
      'service_unavailable',
      'request_timeout',
      'team_added_to_org',
      'org_login_required',
    ],
    unknown: ['internal_error', 'fatal_error'],
    'refused: destination': [
      'invalid_auth',
      'not_authed',
      'account_inactive',
      'token_revoked',
      'token_expired',
      'missing_scope',
      'not_allowed_token_type',
      'no_permission',
      'channel_not_found',
      'not_in_channel',
      'is_archived',
      'restricted_action',
      'restricted_action_read_only_channel',
      'ekm_access_denied',
      'message_limit_exceeded',
    ],
    'refused: payload': [
      'invalid_blocks',
      'invalid_blocks_format',
      'invalid_attachments',
      'msg_blocks_too_long',
      'msg_too_long',
      'attachment_payload_limit_exceeded',
      'too_many_attachments',
      'no_text',
      'invalid_metadata_format',
    ],
    'refused: unclear': ['an_error_of_tomorrow'],
  };

  for (const [expected, errors] of Object.entries(TOKEN_ERRORS)) {
    it(`${expected}, with a token: ${errors.join(', ')}`, async () => {
      const inbox = await open.inbox({ rateLimit: false });
      for (const error of errors) {
        inbox.setFaults([refusal(error)]);
        equal(gist(await byToken(inbox)), expected, error);
      }
    });
  }

  const WEBHOOK_ERRORS: Readonly<Record<string, readonly string[]>> = {
    'refused: payload': ['invalid_payload', 'invalid_blocks', 'user_not_found', 'no_text', 'too_many_attachments'],
    'refused: destination': [
      'action_prohibited',
      'invalid_token',
      'channel_not_found',
      'no_service',
      'no_active_hooks',
      'no_team',
      'team_disabled',
      'channel_is_archived',
      'posting_to_general_channel_denied',
    ],
    unknown: ['rollup_error'],
  };

  for (const [expected, errors] of Object.entries(WEBHOOK_ERRORS)) {
    it(`${expected}, with a webhook: ${errors.join(', ')}`, async () => {
      const inbox = await open.inbox({ rateLimit: false });
      for (const error of errors) {
        inbox.setFaults([refusal(error)]);
        equal(gist(await byWebhook(inbox)), expected, error);
      }
    });
  }

  const ways = [
    { way: 'a webhook', by: byWebhook },
    { way: 'a token', by: byToken },
  ];
  for (const { way, by } of ways) {
    describe(`with ${way}`, () => {
      it('a posted message is sent', async () => {
        const inbox = await open.inbox();
        equal((await by(inbox)).kind, 'sent');
        equal(inbox.messages()[0]?.text, 'hello');
      });

      const TIMES: readonly { readonly retryAfter: string | number | null; readonly millis: number }[] = [
        { retryAfter: 7, millis: 7_000 },
        { retryAfter: 2_592_000, millis: 2_592_000_000 },
        { retryAfter: null, millis: 30_000 },
        { retryAfter: 'soon', millis: 30_000 },
      ];
      for (const { retryAfter, millis } of TIMES) {
        it(`429 with Retry-After ${retryAfter}: retry in ${millis} ms`, async () => {
          const inbox = await open.inbox({ faults: [{ kind: 'rate_limited', retryAfter }] });
          deepEqual(await by(inbox), { kind: 'retry', reason: 'rate_limited', rateLimitedMillis: millis });
        });
      }

      for (const status of [500, 502, 503]) {
        it(`${status}: unknown, it may have arrived`, async () => {
          const inbox = await open.inbox({ faults: [{ kind: 'status', status, body: '<html>oops</html>' }] });
          equal((await by(inbox)).kind, 'unknown');
        });
      }

      it('a redirect is not followed: the message or the URL may be the cause', async () => {
        const inbox = await open.inbox({ faults: [{ kind: 'redirect', location: 'https://example.com/' }] });
        deepEqual(await by(inbox), { kind: 'refused', reason: 'redirected', because: 'unclear' });
      });

      it('an error page of a proxy is refused for an unclear reason, and its text is not repeated', async () => {
        const inbox = await open.inbox({ faults: [{ kind: 'status', status: 407, body: '<b>secret</b>' }] });
        deepEqual(await by(inbox), { kind: 'refused', reason: 'http_407', because: 'unclear' });
      });

      for (const kind of ['hang_before_headers', 'hang_in_body', 'drip', 'reset', 'reset_after_accept'] as const) {
        it(`${kind}: unknown, it may have arrived`, async () => {
          const inbox = await open.inbox({ faults: [{ kind }] });
          equal((await by(inbox, HELLO, 150)).kind, 'unknown');
        });
      }
    });
  }

  for (const { way, by } of ways) {
    for (const body of ['{"ok":tru', '<html></html>', '', 'thanks']) {
      it(`a 200 with the body “${body}” is unknown, with ${way}`, async () => {
        const inbox = await open.inbox({ faults: [{ kind: 'garbage', body }] });
        deepEqual(await by(inbox), { kind: 'unknown', reason: 'unreadable_answer' });
      });
    }
  }

  it('a webhook’s 200 with an error word of Slack’s is that error', async () => {
    const inbox = await open.inbox({ faults: [{ kind: 'garbage', body: 'invalid_blocks\n' }] });
    deepEqual(await byWebhook(inbox), { kind: 'refused', reason: 'invalid_blocks', because: 'payload' });
  });

  describe('a message in the channel', () => {
    it('is identified by the answer, also when the option names the channel by its name', async () => {
      const inbox = await open.inbox();
      const { apiUrl, token, channel } = inbox;
      const outcome = await callWebApi(
        { kind: 'channel', apiUrl, token, channel: '#alerts' },
        { act: 'post', message: HELLO },
        needs(),
      );
      const [message] = inbox.messages();
      deepEqual(outcome.kind === 'sent' && outcome.ref, { channel, ts: message?.ts });
    });

    it('is not identified by a webhook', async () => {
      deepEqual(await byWebhook(await open.inbox()), { kind: 'sent' });
    });

    it('is updated', async () => {
      const inbox = await open.inbox();
      const ref = await standing(inbox);
      equal((await ask(inbox, { act: 'update', message: { text: 'changed' }, ref })).kind, 'sent');
      deepEqual(
        inbox.messages().map(({ text, ts }) => [text, ts]),
        [['changed', ref.ts]],
      );
    });

    it('gets replies in its thread, and also in the channel with a broadcast', async () => {
      const inbox = await open.inbox({ rateLimit: false });
      const { ts } = await standing(inbox);
      for (const isBroadcast of [false, true])
        equal((await ask(inbox, { act: 'post', message: HELLO, thread: { ts, isBroadcast } })).kind, 'sent');
      deepEqual(
        inbox.messages().map((message) => [message.thread_ts, message.reply_broadcast]),
        [
          [undefined, undefined],
          [ts, undefined],
          [ts, true],
        ],
      );
    });

    it('has its reactions, without skin tones', async () => {
      const inbox = await open.inbox();
      const ref = await standing(inbox);
      const look = async () => {
        const outcome = await ask(inbox, { act: 'reactions', ref });
        return outcome.kind === 'sent' && [...(outcome.reactions ?? [])].sort();
      };
      deepEqual(await look(), []);
      inbox.react(ref.ts, 'no_bell');
      inbox.react(ref.ts, '+1::skin-tone-2');
      deepEqual(await look(), ['+1', 'no_bell']);
    });

    const GONE = [
      'message_not_found',
      'cant_update_message',
      'edit_window_closed',
      'is_inactive',
      'update_failed',
      'thread_not_found',
      'cannot_reply_to_message',
      'restricted_action_thread_locked',
      'no_item_specified',
    ];
    it(`refused because of the message when it cannot be updated or replied to: ${GONE.join(', ')}`, async () => {
      const inbox = await open.inbox({ rateLimit: false });
      const ref = await standing(inbox);
      for (const error of GONE) {
        for (const request of [
          { act: 'update', message: HELLO, ref },
          { act: 'post', message: HELLO, thread: { ts: ref.ts, isBroadcast: false } },
          { act: 'reactions', ref },
        ] as const) {
          inbox.setFaults([refusal(error)]);
          equal(gist(await ask(inbox, request)), 'refused: message', `${request.act}: ${error}`);
        }
      }
    });

    it('refused because of the message when it was deleted', async () => {
      const inbox = await open.inbox();
      await standing(inbox);
      const ref = { channel: inbox.channel, ts: '1.000001' };
      equal(gist(await ask(inbox, { act: 'update', message: HELLO, ref })), 'refused: message');
      equal(gist(await ask(inbox, { act: 'reactions', ref })), 'refused: message');
    });
  });

  it('contains the scopes of the token, which every answer of the Web API has', async () => {
    const inbox = await open.inbox({ scopes: ['chat:write', 'reactions:read'] });
    const outcome = await byToken(inbox);
    deepEqual(outcome.kind === 'sent' && outcome.scopes, ['chat:write', 'reactions:read']);
  });

  it('sends the parameters that keep Slack from unfurling, parsing or mentioning', async () => {
    const inbox = await open.inbox();
    await byToken(inbox);
    const { parse, mrkdwn, unfurl_links, unfurl_media, link_names } = inbox.messages()[0]?.payload ?? {};
    deepEqual([parse, mrkdwn, unfurl_links, unfurl_media, link_names], ['none', false, false, false, undefined]);
  });
});
