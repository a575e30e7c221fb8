/** Fake secrets. They are assembled here so that no secret scanner reports this repository. */

const ALPHABET = 'aB3dE5fG7hJ9kL2mN4pQ6rS8tU';

/** Returns `length` letters and digits. */
export const mixed = (length: number): string => ALPHABET.repeat(Math.ceil(length / ALPHABET.length)).slice(0, length);
/** Returns `length` hexadecimal digits. */
export const hex = (length: number): string => '0123456789abcdef'.repeat(8).slice(0, length);
const CAPITALS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** An example for each row of `PREFIXED_TOKENS`, by the row's name. */
export const TOKENS: Readonly<Record<string, string>> = {
  'JSON Web Token': `eyJ${mixed(20)}.eyJ${mixed(40)}.${mixed(43)}`,
  'JSON Web Token with a long header': `eyJ${mixed(500)}`,
  'Slack token': `xoxb-${'1'.repeat(12)}-${mixed(24)}`,
  'Slack app token': `xapp-1-${mixed(40)}`,
  'AWS access key': `AKIA${CAPITALS.slice(0, 16)}`,
  'AWS Bedrock key': `ABSK${mixed(60)}==`,
  'Google API key': `AIza${mixed(35)}`,
  'Google OAuth token': `ya29.${mixed(60)}`,
  'Google OAuth secret': `GOCSPX-${mixed(28)}`,
  'GitHub token': `ghp_${mixed(36)}`,
  'GitHub fine-grained token': `github_pat_${mixed(22)}_${mixed(59)}`,
  'GitLab token': `glpat-${mixed(20)}`,
  'npm token': `npm_${mixed(36)}`,
  'PyPI token': `pypi-AgEIcHlwaS5vcmc${mixed(60)}`,
  'Docker Hub token': `dckr_pat_${mixed(27)}`,
  'Stripe key': `sk_live_${mixed(24)}`,
  'webhook signing secret': `whsec_${mixed(32)}`,
  'Square token': `sq0atp-${mixed(22)}`,
  'Shopify token': `shpat_${hex(32)}`,
  'Twilio API key': `SK${hex(32)}`,
  'SendGrid key': `SG.${mixed(22)}.${mixed(43)}`,
  'Mailchimp key': `${hex(32)}-us12`,
  'OpenAI key': `sk-proj-${mixed(40)}`,
  'Anthropic key': `sk-ant-api03-${mixed(60)}`,
  'OpenAI key in the old format': `sk-${mixed(48)}`,
  'Hugging Face token': `hf_${mixed(34)}`,
  'Telegram bot token': `123456789:AA${mixed(33)}`,
  'Discord bot token': `M${mixed(24)}.${mixed(6)}.${mixed(38)}`,
  'DigitalOcean token': `dop_v1_${hex(64)}`,
  'Azure client secret': `abc8Q~${mixed(34)}`,
  'Vault token': `hvs.${mixed(24)}`,
  'Terraform Cloud token': `${mixed(14)}.atlasv1.${mixed(67)}`,
  'Databricks token': `dapi${hex(32)}`,
  'Grafana token': `glsa_${mixed(32)}`,
  'New Relic key': `NRAK-${CAPITALS.slice(0, 27)}`,
  'Sentry token': `sntrys_${mixed(40)}`,
  'Linear key': `lin_api_${mixed(40)}`,
  'Notion token': `ntn_${mixed(46)}`,
  'Atlassian token': `ATATT3${mixed(60)}=AB12CD34`,
  'PlanetScale password': `pscale_pw_${mixed(43)}`,
  'Supabase key': `sbp_${hex(40)}`,
  'age secret key': `AGE-SECRET-KEY-1${CAPITALS.slice(0, 58)}`,
};

export const PEM = [
  '-----BEGIN RSA PRIVATE KEY-----',
  mixed(64),
  mixed(64),
  `${mixed(30)}==`,
  '-----END RSA PRIVATE KEY-----',
].join('\n');

/** So many characters of a secret must never be shown. */
export const SHOWN_SECRET_LENGTH = 6;

/** Returns a text with a password that begins at an index, and that only the text after it makes known. */
export function secretAt(index: number): { readonly text: string; readonly secret: string } {
  const [start, secret] = [' postgres://app:', 'hunter2-of-the-database'];
  const before = 'word '.repeat(index).slice(0, Math.max(0, index - start.length));
  return { text: `${before}${start}${secret}@db.internal/shop failed`, secret };
}
