/**
 * Patterns of secrets that are recognized anywhere in a text, one row each. The patterns take linear time: a repetition
 * is bounded, or nothing after it can match the same characters. A new pattern needs a row here and a row in the test.
 */

import { isNoGroup } from './lists.js';

/** The replacement for a secret. */
export const REDACTED = '[redacted]';

/** The pattern of one kind of secret. The match is redacted, except for its group `kept`. */
export interface SecretPattern {
  readonly what: string;
  readonly pattern: RegExp;
  /** A second test, of the pattern's group `secret` or of the whole match, where the pattern alone matches too much. */
  readonly isSecret?: (text: string) => boolean;
}

/** Keys and tokens with a prefix of their issuer. Secret scanners recognize them by the same prefixes. */
export const PREFIXED_TOKENS: readonly { readonly what: string; readonly source: string }[] = [
  { what: 'JSON Web Token', source: 'eyJ[\\w-]{8,}(?:\\.[\\w-]+){1,4}' },
  // With certificates in its header, the first dot may follow after thousands of characters.
  { what: 'JSON Web Token with a long header', source: 'eyJ[\\w-]{400,}' },
  { what: 'Slack token', source: 'xox[a-z](?:\\.xox[a-z])?-[\\w-]{8,}' },
  { what: 'Slack app token', source: 'xapp-\\d-[\\w-]{8,}' },
  { what: 'AWS access key', source: '(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Za-z0-9])' },
  { what: 'AWS Bedrock key', source: 'ABSK[\\w+/-]{40,}={0,2}' },
  { what: 'Google API key', source: 'AIza[\\w-]{35,}' },
  { what: 'Google OAuth token', source: 'ya29\\.[\\w-]{20,}' },
  { what: 'Google OAuth secret', source: 'GOCSPX-[\\w-]{20,}' },
  { what: 'GitHub token', source: 'gh[pousr]_\\w{20,}' },
  { what: 'GitHub fine-grained token', source: 'github_pat_\\w{20,}' },
  { what: 'GitLab token', source: 'gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|oas|soat)-[\\w-]{20,}' },
  { what: 'npm token', source: 'npm_[A-Za-z0-9]{36,}' },
  { what: 'PyPI token', source: 'pypi-AgE[\\w-]{50,}' },
  { what: 'Docker Hub token', source: 'dckr_[a-z]{3}_[\\w-]{20,}' },
  { what: 'Stripe key', source: '[sr]k_(?:live|test)_[A-Za-z0-9]{10,}' },
  { what: 'webhook signing secret', source: 'whsec_[\\w+/-]{16,}={0,2}' },
  { what: 'Square token', source: 'sq0[a-z]{3}-[\\w-]{22,}' },
  { what: 'Shopify token', source: 'shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32,}' },
  { what: 'Twilio API key', source: 'SK[0-9a-f]{32}(?![A-Za-z0-9])' },
  { what: 'SendGrid key', source: 'SG\\.[\\w-]{16,32}\\.[\\w-]{16,}' },
  { what: 'Mailchimp key', source: '[0-9a-f]{32}-us\\d{1,2}(?!\\w)' },
  { what: 'OpenAI key', source: 'sk-(?:proj|svcacct|admin|None)-[\\w-]{20,}' },
  { what: 'Anthropic key', source: 'sk-ant-[a-z0-9]{3,12}-[\\w-]{20,}' },
  { what: 'OpenAI key in the old format', source: 'sk-(?:or-v1-)?[A-Za-z0-9]{20,}' },
  { what: 'Hugging Face token', source: 'hf_[A-Za-z0-9]{30,}' },
  { what: 'Telegram bot token', source: '\\d{8,10}:AA[\\w-]{32,}' },
  { what: 'Discord bot token', source: '[MNO][\\w-]{23,27}\\.[\\w-]{6}\\.[\\w-]{27,}' },
  { what: 'DigitalOcean token', source: 'do[opr]_v1_[0-9a-f]{64,}' },
  { what: 'Azure client secret', source: '[\\w~.-]{3}\\dQ~[\\w~.-]{31,}' },
  { what: 'Vault token', source: 'hv[sbr]\\.[\\w-]{20,}' },
  { what: 'Terraform Cloud token', source: '[A-Za-z0-9]{14}\\.atlasv1\\.[\\w-]{60,}' },
  { what: 'Databricks token', source: 'dapi[0-9a-f]{32}(?:-\\d)?(?![A-Za-z0-9])' },
  { what: 'Grafana token', source: 'gl(?:sa|c)_[\\w+/]{20,}={0,2}' },
  { what: 'New Relic key', source: 'NRAK-[A-Z0-9]{27,}' },
  { what: 'Sentry token', source: 'sntry[su]_[\\w+/=-]{30,}' },
  { what: 'Linear key', source: 'lin_(?:api|oauth)_[A-Za-z0-9]{32,}' },
  { what: 'Notion token', source: 'ntn_[A-Za-z0-9]{40,}' },
  { what: 'Atlassian token', source: 'AT[ACO]TT3[\\w-]{20,}={0,2}\\w{0,8}' },
  { what: 'PlanetScale password', source: 'pscale_[a-z]{2,5}_[\\w.-]{30,}' },
  { what: 'Supabase key', source: 'sb(?:p|_secret)_[\\w-]{20,}' },
  { what: 'age secret key', source: 'AGE-SECRET-KEY-1[0-9A-Z]{58,}' },
];

/** A plain word, as in `Basic authentication`, is not a token. */
const PLAIN_WORD = /^[A-Z]?[a-z]{0,19}$/;

/** Commands with an option that is followed by a password. */
const COMMANDS_WITH_PASSWORD: readonly string[] = [
  '(?:mysql|mysqldump|mysqladmin|mariadb|mariadb-dump)\\b[^\\n|;]{0,200}?\\s-p',
  'sshpass\\s{1,3}-p\\s{0,3}',
  'redis-cli\\b[^\\n|;]{0,200}?\\s-a\\s{1,3}',
  '(?:mongo|mongosh|mongodump|mongorestore)\\b[^\\n|;]{0,200}?\\s-p\\s{1,3}',
  '(?:docker|podman|helm|skopeo|oras)\\s(?:[\\w-]{1,20}\\s)?login\\b[^\\n|;]{0,200}?\\s-p\\s{1,3}',
  'ldap(?:search|add|modify|delete|whoami)\\b[^\\n|;]{0,200}?\\s-w\\s{1,3}',
];

/** All patterns, in the order in which they are applied. */
export const SECRET_PATTERNS: readonly SecretPattern[] = [
  {
    what: 'private key in PEM',
    pattern:
      /(?<kept>-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----)(?=[\s\\nr"'+,|>]{0,60}(?:[A-Za-z0-9+/=]{16}|[A-Z][\w-]{1,20}: ))(?:(?!-----)[\s\S])*(?:-----END [A-Z0-9 ]{0,60}-----)?/g,
  },
  {
    // The password ends at the last `@` before the path. A password with a slash ends at the first `@`; a port is not a
    // password. The lookahead with `\k<all>` acts as an atomic group, so that the pattern does not backtrack.
    what: 'password in a URL',
    pattern:
      /(?<kept>:\/\/[^\s:/?#@"'`<>[\]]{0,128}:)(?:[^\s/?#"'`<>]{1,256}|(?!\d{1,5}[/?#])(?=(?<all>[^\s@"'`<>]{1,128}))\k<all>)(?=@[\w.[%-])/g,
  },
  {
    what: 'password in an Oracle URL',
    pattern: /(?<kept>\bjdbc:oracle:\w{1,10}:[^\s/@:"']{1,128}\/)[^\s@"']{1,128}(?=@)/g,
  },
  {
    what: 'Slack webhook',
    pattern: /(?<kept>\bhooks\.slack(?:-gov)?\.com\/(?:services|workflows|triggers)\/)[\w/-]{1,200}/g,
  },
  {
    what: 'Discord webhook',
    pattern: /(?<kept>\bdiscord(?:app)?\.com\/api\/(?:v\d{1,2}\/)?webhooks\/)[\w/-]{1,200}/g,
  },
  { what: 'Teams webhook', pattern: /(?<kept>\.webhook\.office\.com\/webhookb2\/)[\w@/-]{1,300}/g },
  { what: 'signature of an Azure URL', pattern: /(?<kept>[?&]sig=)[\w%+/=-]{16,200}/g },
  {
    what: 'token with a known prefix',
    pattern: new RegExp(`(?<![A-Za-z0-9])(?:${PREFIXED_TOKENS.map(({ source }) => source).join('|')})+`, 'g'),
  },
  {
    what: 'bearer token',
    pattern: /\b(?<kept>Bearer[ \t]{1,4})(?<secret>[\w.~+/-]{6,}(?![\w.~+/-])={0,2})(?!["=])/gi,
    isSecret: (token) => !PLAIN_WORD.test(token),
  },
  {
    what: 'basic credentials',
    pattern: /\b(?<kept>Basic[ \t]{1,4})(?<secret>[A-Za-z0-9+/]{6,}(?![A-Za-z0-9+/])={0,2})/gi,
    isSecret: (token) => !PLAIN_WORD.test(token) && holdsColon(token),
  },
  {
    what: 'password on a command line',
    pattern:
      /(?<kept>(?<![\w-])--[\w-]{0,40}(?:password|passwd|passphrase|secret|token|(?:api|access|private|secret)-?key)[ \t]{1,4})(?:"[^"\n]{1,1000}"?|'[^'\n]{1,1000}'?|[^\s"'-][^\s"']{0,1000})/gi,
  },
  {
    what: 'key of an Azure function',
    pattern: /(?<kept>\.azurewebsites\.net\/[^\s?"'<>]{0,200}\?(?:[^\s#"'<>]{0,200}&)?code=)[\w%+/=-]{16,200}/g,
  },
  {
    what: 'password in .netrc',
    pattern: /(?<kept>\bmachine\s{1,8}\S{1,128}\s{1,40}login\s{1,8}\S{1,128}\s{1,40}password\s{1,8})\S{1,256}/g,
  },
  {
    what: 'user and password of curl',
    pattern:
      /(?<kept>\bcurl\b(?:\\\n|[^\n|;]){0,400}?\s(?:-[a-zA-Z]{0,8}[uU]|--user|--proxy-user)[ =]{0,3})(?:"[^"\n:]{0,128}:[^"\n]{1,1000}"?|'[^'\n:]{0,128}:[^'\n]{1,1000}'?|[^\s"':]{0,128}:[^\s"']{1,1000})/g,
  },
  {
    what: 'cookie of curl',
    pattern:
      /(?<kept>\bcurl\b(?:\\\n|[^\n|;]){0,400}?\s(?:-[a-zA-Z]{0,8}b|--cookie)[ =]{0,3})(?:"[^"\n=]{1,200}=[^"\n]{0,4000}"?|'[^'\n=]{1,200}=[^'\n]{0,4000}'?|[^\s"'=]{1,200}=[^\s"']{0,4000})/g,
  },
  {
    what: 'user and password of a command',
    pattern:
      /(?<kept>(?<![\w-])(?:-u|--user|--proxy-user|--auth)[ =]["']?[^\s:"'/]{1,128}:)(?<secret>[^\s"'/@]{1,256})/g,
    isSecret: isNoGroup,
  },
  {
    what: 'password of a command',
    pattern: new RegExp(
      `(?<kept>\\b(?:${COMMANDS_WITH_PASSWORD.join('|')}))(?:"[^"\\n]{1,1000}"?|'[^'\\n]{1,1000}'?|[^\\s"'-][^\\s"']{0,1000})`,
      'g',
    ),
  },
  {
    what: 'card number',
    pattern:
      /(?<![A-Za-z0-9.+])(?:\d{13,19}|\d{4}(?<gap>[ -])\d{4}\k<gap>\d{4}\k<gap>\d{4}(?:\k<gap>\d{1,3})?|3\d{3}(?<space>[ -])\d{6}\k<space>\d{4,5})(?![A-Za-z0-9_]|[.-]\d)/g,
    isSecret: (found) => isCardNumber(found.replace(/\D/g, '')),
  },
];

/** Returns the text with all matches of a pattern redacted. */
export function redactPatternMatches(text: string, { pattern, isSecret }: SecretPattern): string {
  // Most texts have no secret, and a replacement that replaces nothing still builds lists of what it found.
  if (text.search(pattern) < 0) return text;
  return text.replace(pattern, (found: string, ...rest: readonly unknown[]) => {
    const { kept = '', secret = found } = groupsOf(rest);
    return isSecret === undefined || isSecret(secret) ? kept + REDACTED : found;
  });
}

/** Returns the named groups: the last argument of a replacer, when the pattern has any. */
function groupsOf(rest: readonly unknown[]): Readonly<Record<string, string | undefined>> {
  const last = rest.at(-1);
  return typeof last === 'object' && last !== null ? (last as Record<string, string>) : {};
}

/** Whether a token decodes to `user:password` in base64. */
function holdsColon(token: string): boolean {
  return Buffer.from(token, 'base64').includes(0x3a);
}

/**
 * Length and prefix of Visa, Mastercard and Mir, American Express, Diners Club, JCB, Discover, UnionPay and Maestro.
 */
const CARD_NUMBER =
  /^(?:4\d{12}(?:\d{3}){0,2}|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720|220[0-4])\d{12}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|35(?:2[89]|[3-8]\d)\d{12}|(?:5[06-9]|6\d)\d{11,17})$/;

/** Whether digits are a card number: an issuer's length and prefix, and a valid check digit (Luhn). */
export function isCardNumber(digits: string): boolean {
  if (!CARD_NUMBER.test(digits)) return false;
  let sum = 0;
  for (let at = digits.length - 1, isDoubled = false; at >= 0; at--, isDoubled = !isDoubled) {
    const digit = Number(digits[at]);
    const twice = digit * 2;
    sum += isDoubled ? (twice > 9 ? twice - 9 : twice) : digit;
  }
  return sum % 10 === 0;
}
