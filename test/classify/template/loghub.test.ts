import { ok } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const SCORER = fileURLToPath(new URL('../../../../shared/loghub/score.mjs', import.meta.url));
const MODULE = fileURLToPath(new URL('../../../src/classify/template/template.ts', import.meta.url));

describe('messageTemplate on real log lines', () => {
  it('groups at least nine of ten labelled lines correctly', function () {
    // The labelled lines are not part of the repository.
    if (!existsSync(SCORER)) return this.skip();
    const printed = execFileSync(process.execPath, ['--import', 'tsx', SCORER, MODULE], { encoding: 'utf8' });
    const average = Number(/^average +GA ([\d.]+)/m.exec(printed)?.[1]);
    ok(average >= 0.9, printed);
  });
});
