import { deepEqual, equal, ok } from 'node:assert/strict';
import fc from 'fast-check';
import { decodeGroup, encodeGroup } from '../../../src/groups/saved/group-codec.js';
import { groupOf, sampleOf } from '../../support/groups.js';
import { ERROR } from '../../support/records.js';

const ABOUT = { records: 3, firstSeenMillis: 1, lastSeenMillis: 2, isBrief: false };
const EXCEPTION = {
  'exception.type': 'TypeError',
  'exception.message': 'm'.repeat(500),
  'exception.stacktrace': `TypeError: m\n    at f (/app/a.js:1:1)`,
};
const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const withoutUndefined = (value: object): unknown => throughJson({ ...value, attributes: undefined });

describe('saved records', () => {
  it('are read as they were written, the sample with its attributes', () => {
    const group = groupOf({
      body: 'charge failed',
      severityNumber: ERROR,
      attributes: { ...EXCEPTION, 'order.id': 7 },
    });
    const read = decodeGroup(throughJson(encodeGroup(group, ABOUT)));
    ok(read);
    const { sample, ...others } = read;
    deepEqual(others, { kind: 'problem', fingerprint: 'a', id: 'c0ffee00', ...ABOUT });
    deepEqual(withoutUndefined(sample), withoutUndefined(group.sample));
    deepEqual([...sample.attributes], [...group.sample.attributes]);
  });

  it('A18: have the id of their group until a message was posted, and no other text in its place', () => {
    const idOf = (value: object): string | undefined => decodeGroup(throughJson(value))?.id;
    const value = encodeGroup(groupOf(), ABOUT);
    deepEqual([idOf(value), idOf(encodeGroup(groupOf({}, { postCount: 1 }), ABOUT))], ['c0ffee00', undefined]);
    for (const id of [7, '', '<!channel>', 'x'.repeat(41)]) equal(idOf({ ...value, id }), undefined);
  });

  it('are brief when another entry has the complete sample, and still contain the error and its origin', () => {
    const sample = sampleOf({ body: 'x'.repeat(3_000), attributes: { ...EXCEPTION, a: 'y'.repeat(1_000) } });
    const value = encodeGroup(groupOf({}, { sample }), { ...ABOUT, isBrief: true });
    ok(JSON.stringify(value).length < 1_500);
    const read = decodeGroup(throughJson(value));
    deepEqual([read?.isBrief, read?.sample.exception?.type], [true, 'TypeError']);
    deepEqual([read?.sample.message.length, read?.sample.missingMessage], [200, 2_800]);
    equal(read?.sample.resource.serviceName, sample.resource.serviceName);
  });

  it('that are invalid are ignored', () => {
    const right = throughJson(encodeGroup(groupOf(), ABOUT)) as Record<string, unknown>;
    ok(decodeGroup(right));
    for (const wrong of [
      { kind: 'loss' },
      { fingerprint: 7 },
      { records: 0 },
      { records: 1.5 },
      { records: -1 },
      { lastSeenMillis: 1e300 },
      { firstSeenMillis: null },
      { sample: undefined },
      { sample: { ...(right.sample as object), attributes: {} } },
      { sample: { ...(right.sample as object), severityNumber: 25 } },
    ]) {
      equal(decodeGroup({ ...right, ...wrong }), undefined, JSON.stringify(wrong));
    }
  });

  it('are decoded without an exception, whatever the value', () => {
    const base = throughJson(encodeGroup(groupOf({ attributes: EXCEPTION }), ABOUT)) as Record<string, unknown>;
    const broken = fc
      .tuple(fc.constantFrom(...Object.keys(base.sample as object)), fc.jsonValue())
      .map(([key, value]) => ({ ...base, sample: { ...(base.sample as object), [key]: value } }));
    fc.assert(fc.property(fc.oneof(fc.jsonValue(), broken), (value) => void decodeGroup(value)));
  });
});
