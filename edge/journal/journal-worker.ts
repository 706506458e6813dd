/** The thread that writes: one group at a time, as they come, each answered when it is on disk. */
import { parentPort, workerData } from 'node:worker_threads';

import { must } from '#shared/assert.ts';
import { describe, type TallyError } from '#shared/errors.ts';

import { CommitMeter } from './commit-meter.ts';
import type {
  FromWriter,
  OpenedEpoch,
  ToWriter,
  WriterFault,
  WriterOptions,
} from './journal-messages.ts';
import { openError } from './open-error.ts';
import { RECENT_KEYS_MAX } from './recent-keys.ts';
import { Segments } from './segments.ts';
import { writeError } from './sqlite.ts';

const port = must(parentPort, 'the parent of the journal thread');
const options = workerData as WriterOptions;
const meter = new CommitMeter(() => performance.now());
const answer = (message: FromWriter, transfer: ArrayBuffer[] = []): void =>
  port.postMessage(message, transfer);

function faultOf({ kind, code, message, cause }: TallyError): WriterFault {
  return { kind, code, message: cause === undefined ? message : `${message}: ${describe(cause)}` };
}

function open(): Segments | undefined {
  try {
    return new Segments(options, Date.now(), {
      damaged: (report) => answer({ type: 'damaged', report }),
      shed: (what) => answer({ type: 'shed', what }),
    });
  } catch (error) {
    answer({ type: 'unusable', fault: faultOf(openError(options.directory, error)) });
    return undefined;
  }
}

function commit(message: Extract<ToWriter, { type: 'commit' }>, journal: Segments): void {
  const { records, length, count, filtered, clock, messageKeys } = message;
  try {
    const bytes = new Uint8Array(records, 0, length);
    meter.measure(count, length, () =>
      journal.commit({ records: bytes, count, filtered, clock, messageKeys }, Date.now()),
    );
    answer({ type: 'committed', accounts: accountsOf(journal), records }, [records]);
  } catch (error) {
    answer({ type: 'refused', fault: faultOf(writeError(error)) });
  }
}

function accountsOf({ current: { headSeq, filtered } }: Segments): OpenedEpoch['accounts'] {
  const removed = Object.values(filtered).reduce((sum, each) => sum + each, 0);
  return { received: headSeq + removed, filtered, headSeq };
}

/** What is told again later anyway: only that it could not be written down now is no fault. */
function tryNow(write: () => void): void {
  try {
    write();
  } catch (error) {
    if (writeError(error).kind !== 'retry') throw error;
  }
}

function handle(message: ToWriter, journal: Segments): void {
  switch (message.type) {
    case 'commit':
      commit(message, journal);
      return;
    case 'applied':
      tryNow(() => journal.setApplied(message.epoch, message.ranges));
      return;
    case 'stored':
      journal.setStored(message.epoch, message.ranges);
      return;
    case 'boot':
      tryNow(() => journal.setBoot(message.reading));
      return;
    case 'rules':
      journal.setRules(message.version);
      return;
    case 'salvage':
      tryNow(() => journal.salvage(message.epoch, message.seq, Date.now()));
      answer({ type: 'salvaged', id: message.id });
      return;
    case 'stats':
      answer({
        type: 'stats',
        id: message.id,
        stats: { ...journal.stats(), commits: meter.stats() },
      });
      return;
    default:
      journal[Symbol.dispose]();
      port.close();
  }
}

function openedEpochs(journal: Segments): OpenedEpoch[] {
  return journal.epochs.map(({ epoch, applied, ended }) => {
    if (ended === undefined) return { epoch, applied: [...applied], accounts: accountsOf(journal) };
    const filtered = JSON.parse(ended.filtered) as Record<string, number>;
    const removed = Object.values(filtered).reduce((sum, each) => sum + each, 0);
    const accounts = { received: ended.headSeq + removed, filtered, headSeq: ended.headSeq };
    return { epoch, applied: [...applied], accounts };
  });
}

const segments = open();
if (segments !== undefined) {
  port.on('message', (message: ToWriter) => handle(message, segments));
  answer({
    type: 'opened',
    epochs: openedEpochs(segments),
    messageKeys: segments.messageKeys(RECENT_KEYS_MAX, Date.now()),
    boots: segments.boots,
  });
}
