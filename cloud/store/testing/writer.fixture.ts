/**
 * A program for crash tests: `node writer.fixture.ts DIRECTORY` commits events for ever, a hundred to a
 * transaction with their ledger, and says `committed SEQ` after each commit; `failed CODE` when it cannot go on.
 */
import { TallyError } from '#shared/errors.ts';

import { lockEpochs, saveEpochs } from '../gateway-epochs.ts';
import { insertEvents } from '../insert-events.ts';
import { openDatabase } from '../open-database.ts';

const EVENTS = 100;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const db = await openDatabase({ directory: process.argv[2] ?? '', freeBytesMin: 0 });
say('open');
try {
  for (;;) {
    const last = await db.transaction(async (tx) => {
      const [state] = await lockEpochs(tx, [{ gateway: 'gw-1', epoch: 'e1', site: 'berlin' }]);
      if (state === undefined) throw new Error('no epoch');
      const first = state.accounted.max + 1;
      const seqs = Array.from({ length: EVENTS }, (_, i) => first + i);
      await insertEvents(
        tx,
        seqs.map((seq) => ({
          gateway: 'gw-1',
          epoch: 'e1',
          seq,
          event: {
            kind: 'raw',
            deviceId: '',
            eventTimeMs: seq,
            receiveTimeMs: seq,
            timeQuality: 'receive',
            reason: 'a test',
            topic: 'x',
            payload: new Uint8Array(1000).fill(seq % 251),
          },
        })),
      );
      state.accounted.add(first, first + EVENTS - 1);
      await saveEpochs(tx, [state]);
      return state.accounted.max;
    });
    say(`committed ${last}`);
  }
} catch (error) {
  say(`failed ${error instanceof TallyError ? error.code : String(error)}`);
}
try {
  await db.query('SELECT 1');
} catch (error) {
  say(`then ${error instanceof TallyError ? error.code : String(error)}`);
}
