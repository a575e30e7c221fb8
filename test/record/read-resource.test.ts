import assert from 'node:assert/strict';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableResource } from '../../src/record/otel.js';
import { readResource, redactedResource } from '../../src/record/read-resource.js';
import { captureDiag } from '../support/diag.js';
import { REDACTOR } from '../support/redactor.js';

const read = (attributes: Record<string, string>) => readResource(resourceFromAttributes(attributes));

describe('resource', () => {
  it('has the service, the environment and the host', () => {
    const view = read({
      'service.name': 'checkout',
      'service.namespace': 'shop',
      'service.version': '1.4.2',
      'service.instance.id': 'i-1',
      'deployment.environment.name': 'production',
      'host.name': 'web-1',
    });
    assert.deepEqual(view, {
      serviceName: 'checkout',
      serviceNamespace: 'shop',
      serviceVersion: '1.4.2',
      serviceInstanceId: 'i-1',
      environment: 'production',
      host: 'web-1',
    });
  });

  it('accepts the older name of the environment, and prefers the pod to the host', () => {
    const view = read({ 'deployment.environment': 'staging', 'host.name': 'node-7', 'k8s.pod.name': 'pay-5f' });
    assert.deepEqual([view.environment, view.host], ['staging', 'pay-5f']);
    assert.equal(read({ 'deployment.environment': 'old', 'deployment.environment.name': 'new' }).environment, 'new');
  });

  it('is read only once', () => {
    let reads = 0;
    const resource = {
      get attributes() {
        reads++;
        return { 'service.name': 'once' };
      },
    };
    assert.equal(readResource(resource), readResource(resource));
    assert.equal(reads, 1);
  });

  it('is cut and cleaned', () => {
    const { serviceName } = redactedResource(read({ 'service.name': `a\u202e${'b'.repeat(10_000)}` }), REDACTOR);
    assert.equal(serviceName, `a\ufffd${'b'.repeat(198)}`);
  });

  describe('whose detectors are still running', () => {
    it('has the settled attributes, the first of equal keys, and causes no warning of the SDK', async () => {
      const diag = captureDiag();
      try {
        const slow = resourceFromAttributes({ 'host.name': Promise.resolve('late'), 'service.name': 'early' });
        const merged = slow.merge(resourceFromAttributes({ 'service.name': 'override' }));
        assert.equal(merged.asyncAttributesPending, true);
        assert.deepEqual([readResource(merged).serviceName, readResource(merged).host], ['override', undefined]);
        assert.deepEqual([...diag.warnings, ...diag.errors], []);
        await merged.waitForAsyncAttributes?.();
        assert.equal(readResource(merged).host, 'late', 'what was unsettled must not be remembered');
        assert.equal(readResource(merged), readResource(merged));
        assert.deepEqual([...diag.warnings, ...diag.errors], []);
      } finally {
        diag.stop();
      }
    });

    it('may never settle', () => {
      const resource = resourceFromAttributes({ 'host.name': new Promise<string>(() => {}), 'service.name': 'early' });
      assert.equal(readResource(resource).serviceName, 'early');
    });
  });

  it('may be absent, or broken', () => {
    const throwing = (): never => {
      throw new Error('no');
    };
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    const broken = [
      undefined,
      null,
      5,
      'x',
      {},
      { attributes: null },
      new Proxy({}, { get: throwing }),
      revoked.proxy,
      { asyncAttributesPending: true, getRawAttributes: throwing },
    ];
    for (const resource of broken)
      assert.equal(readResource(resource as unknown as ReadableResource).serviceName, undefined);
  });

  it('has the readable attributes when one of them throws', () => {
    const attributes = Object.defineProperty({ 'service.name': 'pay' }, 'host.name', {
      get() {
        throw new Error('no');
      },
    });
    assert.equal(readResource({ attributes }).serviceName, 'pay');
  });

  it('writes values of a wrong type as text', () => {
    const attributes = { 'service.name': ['a', 1], 'host.name': '', 'k8s.pod.name': null, 'service.version': 2 };
    const view = readResource({ attributes });
    assert.deepEqual([view.serviceName, view.host, view.serviceVersion], ['["a",1]', undefined, '2']);
  });
});
