import { avlCodecOf, avlRecords } from '../trackers/teltonika-avl.ts';
import { frameAt, isFault } from '../trackers/teltonika-frame.ts';
import type { Facts } from './sample-facts.ts';

/** What the frame tells beside its records. */
export function frameFacts(payload: Uint8Array): Facts {
  const frame = frameAt(Buffer.from(payload), 0);
  if (isFault(frame)) return { crcOk: !frame.fault.startsWith('crc') };
  const codec = avlCodecOf(frame.codecId);
  const records = codec === undefined ? [] : avlRecords(frame, codec);
  return { codec: codec?.name, crcOk: true, ackCount: records.length };
}
