import type { ReadModel } from '../consolidate/consolidate.ts';
import { lockEpochs, readLedgers, saveEpochs } from './gateway-epochs.ts';
import { insertEvents } from './insert-events.ts';
import { readShed, saveShed } from './shed-ranges.ts';
import { readCursor, saveCursor } from './stream-cursor.ts';

/** The read model as consolidation writes it. */
export const readModel: ReadModel = {
  lockEpochs,
  saveEpochs,
  readShed,
  saveShed,
  readLedgers,
  insertEvents,
  readCursor,
  saveCursor,
};
