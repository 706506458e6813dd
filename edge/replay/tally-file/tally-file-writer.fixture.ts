/** Writes the file that it is given the path of, slowly enough to be killed: `node tally-file-writer.fixture.ts PATH`. */
import { setTimeout as sleep } from 'node:timers/promises';

import { bulkFrame, FACTS, HEADER } from './testing/samples.ts';
import { writeTallyFile } from './write-tally-file.ts';

const FRAMES = 150;
const FRAME_BYTES = 400_000;

await writeTallyFile({
  path: process.argv[2] ?? '',
  header: HEADER,
  async *source(resumeAfter) {
    for (let number = resumeAfter?.seq ?? 0; number < FRAMES; number++) {
      await sleep(1);
      yield bulkFrame(number, FRAME_BYTES);
    }
  },
  manifestOf: () => FACTS,
});
