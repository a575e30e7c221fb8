import { apiError, jsonReply, type Reply, rateLimited } from '../http/index.js';
import { type JsonObject, stringOf } from '../model/index.js';
import { type Channel, IDENTITY, type InboxState, METHOD_RATES, POST_RATE } from '../state/index.js';
import { CHAT_METHODS } from './chat.js';
import { CONVERSATION_METHODS } from './conversations.js';
import { type ChannelCall, type Method, type MethodCall, problems } from './method.js';
import { REACTION_METHODS } from './reactions.js';

/** A request to the Web API. */
export interface ApiCall {
  readonly method: string;
  /** From the header or a form field; `undefined` when both are missing. */
  readonly token: string | undefined;
  /** The arguments without the token. A string is the error of a body that cannot be read. */
  readonly args: JsonObject | string;
  readonly bytes: number;
}

const METHODS: Readonly<Record<string, Method>> = {
  ...CHAT_METHODS,
  ...CONVERSATION_METHODS,
  ...REACTION_METHODS,
  'auth.test': {
    run: ({ state }) => {
      const { app_id: _app, ...identity } = IDENTITY;
      return jsonReply({ ok: true, url: state.url, ...identity, is_enterprise_install: false });
    },
  },
};

/** Answers as Slack's Web API does: JSON, with HTTP 200 also for errors, and 429 for a rate limit. */
export function answerApi(state: InboxState, call: ApiCall): Reply {
  const reply = answer(state, call);
  return { ...reply, headers: { ...reply.headers, ...scopeHeaders(state, call.token) } };
}

/** Returns the header with the scopes of the token, which Slack adds to every answer. */
export function scopeHeaders(state: InboxState, token: string | undefined): Readonly<Record<string, string>> {
  return token === state.token ? { 'x-oauth-scopes': state.scopes.join(',') } : {};
}

/** Returns the argument with the `ts` of the message that a method acts on; '' when it acts on none. */
export function messageTsArgument({ method, args }: Pick<ApiCall, 'method' | 'args'>): string {
  const definition = Object.hasOwn(METHODS, method) ? METHODS[method] : undefined;
  return definition?.on === 'message' && typeof args === 'object' ? stringOf(args[definition.messageFrom]) : '';
}

function answer(state: InboxState, call: ApiCall): Reply {
  if (call.method === 'api.test') return testApi(call);
  const method = Object.hasOwn(METHODS, call.method) ? METHODS[call.method] : undefined;
  if (!method) return apiError('unknown_method', { req_method: call.method });
  if (!call.token) return apiError('not_authed');
  if (call.token !== state.token) return apiError('invalid_auth');
  return authorized(state, call, method);
}

function authorized(state: InboxState, call: ApiCall, method: Method): Reply {
  const { scope } = method;
  if (scope !== undefined && !state.scopes.includes(scope)) {
    return apiError('missing_scope', { needed: scope, provided: state.scopes.join(',') });
  }
  const wait = takeMethodRate(state, call);
  if (wait > 0) return rateLimited('api', wait, channelForLog(state, call));
  if (typeof call.args === 'string') return apiError(call.args);
  const { args } = call;
  const missing = (method.required ?? []).filter((name) => stringOf(args[name]) === '');
  if (missing.length > 0)
    return apiError('invalid_arguments', problems(missing.map((n) => `missing required field: ${n}`)));
  const methodCall = { state, args, bytes: call.bytes };
  return method.on === undefined ? method.run(methodCall) : inChannel(method, methodCall);
}

function takeMethodRate(state: InboxState, { method, token }: ApiCall): number {
  const rate = METHOD_RATES[method];
  if (!rate) return 0;
  const scope = `${method} ${token}`;
  const wait = state.rates.retryAfterSeconds(scope, rate);
  if (wait === 0) state.rates.take(scope, rate);
  return wait;
}

function inChannel(method: Exclude<Method, { on?: never }>, call: MethodCall): Reply {
  const { state, args } = call;
  const channelArgument = stringOf(args.channel);
  const channel = state.store.channel(channelArgument);
  if (!channel || (method.on !== 'channelOrName' && channel.id !== channelArgument)) {
    return apiError('channel_not_found', {}, { channel: channelArgument });
  }
  const logFields = { channel: channel.id };
  if (method.posts) {
    const refusal = refusePosting(state, channel);
    if (refusal !== undefined) return apiError(refusal, {}, logFields);
    const wait = state.rates.retryAfterSeconds(channel.id, POST_RATE);
    if (wait > 0) return rateLimited('api', wait, logFields);
  }
  const reply = method.on === 'message' ? onMessage(method, { ...call, channel }) : method.run({ ...call, channel });
  if (method.posts && reply.error === undefined) state.rates.take(channel.id, POST_RATE);
  return { ...reply, ...logFields };
}

function onMessage({ messageFrom, run }: Extract<Method, { on: 'message' }>, call: ChannelCall): Reply {
  const message = call.state.store.message(call.channel.id, stringOf(call.args[messageFrom]));
  return message ? run({ ...call, message }) : apiError('message_not_found');
}

function refusePosting(state: InboxState, channel: Channel): string | undefined {
  if (channel.isArchived) return 'is_archived';
  return channel.isMember || state.scopes.includes('chat:write.public') ? undefined : 'not_in_channel';
}

function channelForLog(state: InboxState, { args }: ApiCall): { channel?: string } {
  const channelArgument = typeof args === 'string' ? '' : stringOf(args.channel);
  return channelArgument === '' ? {} : { channel: state.store.channel(channelArgument)?.id ?? channelArgument };
}

function testApi({ args }: ApiCall): Reply {
  if (typeof args === 'string') return apiError(args);
  const error = stringOf(args.error);
  return error === '' ? jsonReply({ ok: true, args }) : apiError(error, { args });
}
