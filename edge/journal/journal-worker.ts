/** The thread that writes: one group at a time, as they come, each answered when it is on disk. */
import { parentPort, workerData } from 'node:worker_threads';

import { must } from '#shared/assert.ts';
import { describe, TallyError } from '#shared/errors.ts';

import type { FromWriter, ToWriter, WriterFault, WriterOptions } from './journal-messages.ts';
import { RECENT_KEYS_MAX } from './recent-keys.ts';
import { Segments } from './segments.ts';
import { writeError } from './sqlite.ts';

const port = must(parentPort, 'the parent of the journal thread');
const answer = (message: FromWriter, transfer: ArrayBuffer[] = []): void =>
  port.postMessage(message, transfer);

function faultOf(error: unknown): WriterFault {
  const { kind, code, message, cause } = error instanceof TallyError ? error : writeError(error);
  return { kind, code, message: cause === undefined ? message : `${message}: ${describe(cause)}` };
}

function open(): Segments | undefined {
  try {
    return new Segments(workerData as WriterOptions, Date.now());
  } catch (error) {
    answer({ type: 'unusable', fault: faultOf(error) });
    return undefined;
  }
}

const segments = open();

function handle(message: ToWriter, journal: Segments): void {
  switch (message.type) {
    case 'commit': {
      const { records, length, count, received, filtered, messageKeys } = message;
      try {
        journal.commit(
          { records: new Uint8Array(records, 0, length), count, received, filtered, messageKeys },
          Date.now(),
        );
        answer({ type: 'committed', accounts: journal.accounts, records }, [records]);
      } catch (error) {
        answer({ type: 'refused', fault: faultOf(error) });
      }
      return;
    }
    case 'applied':
      try {
        journal.setApplied(message.ranges);
      } catch (error) {
        // What is applied is told again with each receipt; it only could not be written down now.
        if (writeError(error).kind !== 'retry') throw error;
      }
      return;
    default:
      journal[Symbol.dispose]();
      port.close();
  }
}

if (segments !== undefined) {
  port.on('message', (message: ToWriter) => handle(message, segments));
  answer({
    type: 'opened',
    epoch: segments.epoch,
    applied: segments.applied,
    accounts: segments.accounts,
    messageKeys: segments.messageKeys(RECENT_KEYS_MAX),
  });
}
