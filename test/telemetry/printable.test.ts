import { deepEqual } from 'node:assert/strict';
import { createDiagnostics } from '../../src/telemetry/diagnostics.js';
import { manualClock } from '../support/clock.js';
import { captureDiag } from '../support/diag.js';

describe('diag lines', () => {
  it('A13: contain nothing that a terminal obeys, and no forged line', () => {
    const diag = captureDiag();
    try {
      const diagnostics = createDiagnostics(manualClock());
      diagnostics.warn('kind', 'channel \u001b[2J\u0007\u009b31m\u202e\nopentelemetry-exporter-slack all is well');
      deepEqual(
        diag.warnings.map((line) => line.replace(/^opentelemetry-exporter-slack /, '')),
        ['channel \\u001b[2J\\u0007\\u009b31m\\u202e\\u000aopentelemetry-exporter-slack all is well'],
      );
    } finally {
      diag.stop();
    }
  });
});
