import { expect, test } from 'vitest';

import { memoryDir } from '#shared/testing/temp-dir.ts';

import { killWriter, problemsAfterKill, writerPlace } from './testing/killed-writer.ts';

const CRASHES = 12;

test('G1 durable-ack, G4 accounts: whatever was settled before a kill -9 is there after it, numbered without gaps, the counts exact', async () => {
  // What the kernel has, a kill does not take: the disk has no part in this.
  await using dir = await memoryDir('crash');
  const place = writerPlace(dir.path);
  let settled = 0;
  for (let crash = 0; crash < CRASHES; crash++) {
    settled = Math.max(
      settled,
      await killWriter(place, { appends: 50 + crash * 150, delayMs: crash % 5 }),
    );
    expect(problemsAfterKill(place, settled)).toStrictEqual([]);
  }
});
