import type { IncomingMessage } from 'node:http';
import {
  contentTypeOf,
  isFromOwnPage,
  isSameOrigin,
  parseJsonBody,
  type Reply,
  readBody,
  textReply,
} from '../http/index.js';
import type { JsonObject } from '../model/index.js';
import { answerClear, answerClick, answerFaults, answerSeen } from './actions.js';
import type { PageParts } from './parts.js';
import { answerFeed, answerSource, answerThread, type PageSources } from './reads.js';
import { readPageFile } from './static-files.js';

/** Allows only the page's own scripts and styles, no request to another server, and no string as HTML. */
const CONTENT_SECURITY_POLICY = [
  `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'`,
  `base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  `require-trusted-types-for 'script'; trusted-types 'none'`,
].join('; ');

const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

const READS: Readonly<Record<string, (sources: PageSources, query: URLSearchParams) => Reply>> = {
  '/page/feed': answerFeed,
  '/page/thread': answerThread,
  '/page/source': answerSource,
};

const ACTIONS: Readonly<Record<string, (parts: PageParts, args: JsonObject) => Reply>> = {
  '/page/reaction': answerClick,
  '/page/faults': answerFaults,
  '/page/seen': answerSeen,
  '/page/clear': answerClear,
};

/** Answers a request of the page. Rejects when the browser closes the connection. */
export async function answerPage(parts: PageParts, request: IncomingMessage, url: URL): Promise<Reply> {
  const { pathname, searchParams } = url;
  const action = Object.hasOwn(ACTIONS, pathname) ? ACTIONS[pathname] : undefined;
  if (request.method === 'POST' && action) return withHeaders(await answerAction(parts, request, action));
  if (request.method !== 'GET') return textReply(404, 'not_found');
  const read = Object.hasOwn(READS, pathname) ? READS[pathname] : undefined;
  if (read && !isSameOrigin(request)) return textReply(403, 'origin_not_allowed');
  return withHeaders(read ? read(parts, searchParams) : answerFile(pathname));
}

async function answerAction(
  parts: PageParts,
  request: IncomingMessage,
  action: (parts: PageParts, args: JsonObject) => Reply,
): Promise<Reply> {
  if (!isFromOwnPage(request)) return textReply(403, 'origin_not_allowed');
  if (contentTypeOf(request) !== 'application/json') return textReply(415, 'invalid_post_type');
  const args = parseJsonBody((await readBody(request)) ?? '');
  return args ? action(parts, args) : textReply(400, 'invalid_json');
}

function answerFile(pathname: string): Reply {
  const isPage = pathname === '/' || pathname.startsWith('/archives/');
  const name = isPage ? 'index.html' : (/^\/ui\/([\w.-]+)$/.exec(pathname)?.[1] ?? '');
  try {
    const file = readPageFile(name);
    if (!file) return textReply(404, 'not_found');
    return { status: 200, contentType: file.contentType, headers: {}, body: file.body };
  } catch (error) {
    return textReply(500, (error as Error).message);
  }
}

function withHeaders(reply: Reply): Reply {
  return { ...reply, headers: { ...HEADERS, ...reply.headers } };
}
