import { deepEqual, notDeepEqual, ok } from 'node:assert/strict';
import { FAULTS } from '../../chaos/faults/index.js';
import { planScenario } from '../../chaos/scenario.js';

const plan = (seed: number, without: readonly string[] = []) => planScenario({ seed, minutes: 2, without });

describe('a scenario of npm run chaos', () => {
  it('is the same for the same seed, and another one for another seed', () => {
    deepEqual(plan(7), plan(7));
    notDeepEqual(plan(7).steps, plan(8).steps);
  });

  it('contains each kind of fault and each end in some run', () => {
    const steps = Array.from({ length: 60 }, (_, seed) => plan(seed)).flatMap((scenario) => scenario.steps);
    const names = new Set(steps.map((step) => (step.act === 'fault' ? step.name : step.act)));
    deepEqual(
      Object.keys(FAULTS).filter((name) => !names.has(name)),
      [],
    );
    const ends = new Set(steps.map((step) => (step.act === 'end' ? step.how : '')));
    for (const how of ['SIGTERM', 'SIGKILL', 'exit', 'throw', 'run out'] as const) ok(ends.has(how), how);
  });

  it('leaves out the faults and the ends that are named', () => {
    for (let seed = 0; seed < 20; seed++) {
      const steps = plan(seed, ['refuse', 'SIGKILL']).steps;
      ok(steps.every((step) => step.act !== 'fault' || step.name !== 'refuse'));
      ok(steps.every((step) => step.act !== 'end' || step.how !== 'SIGKILL'));
    }
  });

  it('ends each fault before the time is over', () => {
    for (let seed = 0; seed < 20; seed++) {
      const { steps, millis } = plan(seed);
      for (const step of steps) if (step.act === 'fault') ok(step.atMillis + step.forMillis <= millis);
    }
  });
});
