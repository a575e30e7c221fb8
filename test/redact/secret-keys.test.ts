import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  HARMLESS_NAMES,
  isSecretKey,
  mayBeSecretKey,
  QUALIFIERS,
  SECRET_ENDINGS,
  SECRET_NAMES,
} from '../../src/redact/secret-keys.js';
import { costMillis } from '../support/cost.js';

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Names whose values are secret for any text. */
const SECRET = words(`
  password Password PASSWORD userPassword user_password db.password PGPASSWORD DB_PASSWORD password1 passwords passwd pwd
  pass DB_PASS smtp.pass passphrase passcode newPassword password_confirmation passwordHash password_hash oldPassword
  secret clientSecret client_secret client-secret SECRET secretKey secret_key secrets AWS_SECRET_ACCESS_KEY
  token Token accessToken access_token access-token refreshToken refresh_token idToken csrf_token authToken x-auth-token
  bearer_token accesstoken tokens token_value tokenHash oauth2Token XSRF-TOKEN sessionToken x-amz-security-token
  authorization Authorization proxy-authorization http.request.header.authorization rpc.grpc.request.metadata.authorization
  cookie Cookie cookies set-cookie setCookie Set-Cookie http.request.header.cookie http.response.header.set-cookie
  apiKey api_key api-key APIKEY apikey API_KEY x-api-key X-API-Key googleApiKey HTTPApiKey apiKeys api_key_2
  http.request.header.x-api-key privateKey private_key PRIVATE_KEY private_key_pem signingKey encryption_key
  AccountKey SharedAccessKey Ocp-Apim-Subscription-Key licenseKey
  credential credentials awsCredentials creds jwt bearer psk
  sessionId session_id SESSIONID JSESSIONID PHPSESSID connect.sid
  cardNumber card_number card.number creditCard credit_card_number ccNumber cvv cvc CVV2 securityCode
  ssn SSN social_security_number otp totp mfaCode verification_code mnemonic seedPhrase recovery_phrase
`);

/** Names whose values are never secret. */
const HARMLESS = words(`
  token_count tokenCount tokens.total tokenizer token_type token.id tokenId totalTokensUsed author authority authorized
  passenger passengers compass bypassed password_length passwordResetUrl password_changed_at passwordPolicy
  cookie_banner cookieConsent cookie_domain monkey turkey key keys primary_key primaryKey foreign_key public_key publicKey
  cache_key partitionKey idempotency-key access_key_id keyboard keyName secretary secret_name secretArn secretsManager
  pinned spinner pinCode pin_count shipping session.id session.previous_id session sessions sid user.id id order_id
  card card_type cardholder code status_code error.code country_code zipcode number order_number phone phrase
  credential_type api api_version apiUrl nextPageToken next_page_token continuationToken cancellation_token
  http.request.method url.path db.statement code.file.path exception.type iban email address signature
`);

describe('isSecretKey', () => {
  for (const name of SECRET) it(`redacts ${name}`, () => assert.equal(isSecretKey(name, 'x1!y'), true));

  for (const name of HARMLESS) it(`shows ${name}`, () => assert.equal(isSecretKey(name, 'x1!y'), false));

  for (const { names, because, only } of [...SECRET_ENDINGS, ...SECRET_NAMES]) {
    for (const name of names) {
      it(`redacts ${name}: ${because}`, () => {
        for (const spelt of [name, `my_${name}`, name.toUpperCase(), `a.${name}2`, `${name}_hash`]) {
          assert.equal(isSecretKey(spelt, only ? (only.test('1234') ? '1234' : 'x') : 'x1'), true, spelt);
        }
        if (only) assert.equal(isSecretKey(name, only.test('1234') ? 'x' : '1234'), false);
      });
    }
  }

  for (const { names, because } of HARMLESS_NAMES) {
    for (const name of names) it(`shows ${name}: ${because}`, () => assert.equal(isSecretKey(name, 'x1'), false));
  }

  it('ignores qualifiers at the end of a name', () => {
    for (const qualifier of QUALIFIERS) assert.equal(isSecretKey(`password_${qualifier}`, 'x'), true, qualifier);
  });

  it('redacts a pin of four to twelve digits', () => {
    for (const pin of [1234, '123456', '000000000000']) assert.equal(isSecretKey('user.pin', pin), true);
    for (const pin of [13, 'GPIO13', '1', {}]) assert.equal(isSecretKey('pin', pin), false);
  });

  it('shows values that only tell whether a secret is present', () => {
    for (const value of [undefined, null, '', true, false, 'true', 'null']) {
      assert.equal(isSecretKey('password', value), false);
    }
  });

  it('shows numbers behind a plural name, which are counts', () => {
    for (const value of [1_200, '1200', '1,200', { prompt: 900, completion: 300 }]) {
      assert.equal(isSecretKey('usage.tokens', value), false);
    }
    for (const value of [['a', 'b'], { a: 'b' }, [], 'a', {}]) assert.equal(isSecretKey('tokens', value), true);
    assert.equal(isSecretKey('token', 123_456), true);
  });

  it('takes bounded time for a name of any length', () => {
    for (const key of ['a', 'aB', 'a_', 'token_', '\u{1f600}', 'A']) isSecretKey(key.repeat(100_000), 'x');
  });
});

describe('mayBeSecretKey', () => {
  it('is true for each name whose value isSecretKey redacts', () => {
    const secrets = [...SECRET_ENDINGS, ...SECRET_NAMES].flatMap(({ names }) => names);
    const parts = [...secrets, ...QUALIFIERS, 's', '_', '.', '-', '7', 'ﬁ', 'user', 'Key', 'TOKEN', 'B'];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 7 }), (chosen) => {
        const name = chosen.join('');
        if (isSecretKey(name, 'x1234')) assert.ok(mayBeSecretKey(name), name);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is false for the names in most stacks and texts', () => {
    for (const name of ['13', 'orders.js', 'amount', 'http.route', 'text']) assert.equal(mayBeSecretKey(name), false);
  });

  it('takes little time for a name that is made of qualifiers', () => {
    const names = ['plaintext'.repeat(14), `key${'_plain_text'.repeat(11)}!z`, 'token'.repeat(25), 'hashed'.repeat(21)];
    assert.ok(costMillis(() => names.every((name) => mayBeSecretKey(`${name}~q`)), 1) < 10);
  });
});
