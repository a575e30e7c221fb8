import { equal, notEqual } from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDisk, type Disk } from '../../chaos/disk.js';
import { FAULTS, REFUSED_WORD } from '../../chaos/faults/index.js';
import { type Place, startPlace } from '../../chaos/slack/place.js';

const SOON_MILLIS = 300;
const NO_SEAT = { tell() {}, pause() {}, resume() {} };

describe('a fault of npm run chaos', () => {
  let place: Place;
  let disk: Disk;
  let folder = '';
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'chaos-faults-'));
    disk = createDisk(folder);
    place = await startPlace('main');
  });
  afterEach(async () => {
    await place.close();
    disk.close();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const [name, kind] of Object.entries(FAULTS).filter(([, { disturbs }]) => disturbs === 'place')) {
    it(`${name}: breaks the answer of Slack while it lasts`, async () => {
      const fault = kind.create({ place, disk, seat: NO_SEAT, variant: 500 });
      equal(await post('before'), 'ok');
      await fault.start();
      notEqual(await post('meanwhile', SOON_MILLIS), 'ok');
      await fault.stop();
      equal(await post('afterwards'), 'ok');
    });
  }

  it('a word is refused: refuses the messages with the word in each variant, and no others', async () => {
    for (let variant = 0; variant < 9; variant++) {
      const fault = FAULTS['a word is refused']?.create({ place, disk, seat: NO_SEAT, variant });
      await fault?.start();
      notEqual(await post(`with ${REFUSED_WORD} in it`, SOON_MILLIS), 'ok');
      equal(await post('without'), 'ok');
      await fault?.stop();
      equal(await post(`with ${REFUSED_WORD} in it`), 'ok');
    }
  });

  /** Returns the answer, or the reason why there is none. Only a request that is to fail may time out soon. */
  async function post(text: string, timeoutMillis = 10_000): Promise<string> {
    const signal = AbortSignal.timeout(timeoutMillis);
    try {
      const response = await fetch(place.webhook.webhookUrl, {
        ...{ method: 'POST', redirect: 'manual', body: JSON.stringify({ text }), signal },
      });
      return await response.text();
    } catch (error) {
      return (error as Error).name;
    }
  }
});
