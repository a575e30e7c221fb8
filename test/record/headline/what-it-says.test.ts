import { equal } from 'node:assert/strict';
import { whatItSays } from '../../../src/record/headline/what-it-says.js';
import { costMillis } from '../../support/cost.js';

const PRISMA = `
Invalid \`prisma.user.create()\` invocation in
/app/src/users/create.ts:14:27

  11 export async function createUser(email: string) {
  12   // the address is unique
  13   const data = { email };
→ 14   return prisma.user.create(
Unique constraint failed on the fields: (\`email\`)`;

const PRISMA_WITHOUT_FILE = `
Invalid \`prisma.order.findMany()\` invocation:

{
  where: {
    state: "paid",
    ~~~~~
?   AND?: OrderWhereInput | OrderWhereInput[],
  }
}

Unknown argument \`state\`. Did you mean \`status\`?`;

const ZOD = JSON.stringify(
  [
    {
      code: 'invalid_type',
      expected: 'string',
      received: 'undefined',
      path: ['user', 'emails', 0],
      message: 'Required',
    },
  ],
  null,
  2,
);

const BABEL = `/app/src/app.jsx: Unexpected token (3:4)

  1 | const a = 1;
  2 | function b() {
> 3 |   <<
    |    ^
  4 | }`;

describe('whatItSays', () => {
  const CASES: readonly (readonly [what: string, message: string, says: string])[] = [
    ['Prisma’s code frame', PRISMA, 'Unique constraint failed on the fields: (`email`)'],
    ['Zod’s JSON', ZOD, 'Required (user.emails.0)'],
    ['Zod’s JSON, cut', ZOD.slice(0, -3), 'Required'],
    [
      'an answer of an API',
      '{"error":{"type":"card_error","message":"Your card was declined."}}',
      'Your card was declined.',
    ],
    ['an OAuth answer', '{"error":"invalid_grant","error_description":"Token has expired"}', 'Token has expired'],
    ['a GraphQL answer', '{"errors":[{"message":"Cannot query field","path":["a","b"]}]}', 'Cannot query field (a.b)'],
    ['Babel’s code frame', BABEL, '/app/src/app.jsx: Unexpected token (3:4)'],
    [
      'Knex’s statement',
      'select * from "a" where "b" = $1 - relation "a" does not exist',
      'relation "a" does not exist',
    ],
    [
      'Knex’s statement of several lines',
      'insert into "a"\n("b") values ($1) - duplicate key value violates unique constraint "a_b"',
      'duplicate key value violates unique constraint "a_b"',
    ],
    ['a plain message', 'connect ECONNREFUSED 127.0.0.1:5432', 'connect ECONNREFUSED 127.0.0.1:5432'],
    [
      'PostgreSQL’s lines',
      'syntax error at or near "FORM"\nLINE 1: SELECT 1',
      'syntax error at or near "FORM"\nLINE 1: SELECT 1',
    ],
    ['a list that is no JSON', '[payments] card declined', '[payments] card declined'],
    ['JSON without a message', '{"a":1}', '{"a":1}'],
    ['a sentence with a dash', 'update failed - try again', 'update failed - try again'],
    ['nothing', '', ''],
  ];
  for (const [what, message, says] of CASES) it(`row 13: ${what}`, () => equal(whatItSays(message), says));

  it('row 13: Prisma’s explanation of an argument', () => {
    equal(whatItSays(PRISMA_WITHOUT_FILE), 'Unknown argument `state`. Did you mean `status`?');
  });

  it('takes linear time', () => {
    const hard = [
      '{'.repeat(3_000),
      `select ${' - a'.repeat(750)}`,
      '> 1 \n'.repeat(600),
      `"message":"${'\\'.repeat(2_900)}`,
    ];
    for (const text of hard) equal(costMillis(() => whatItSays(text), 1) < 10, true, text.slice(0, 20));
  });
});
