import { describe, expect, test } from 'vitest';

import { avlCodecOf, avlRecords } from './teltonika-avl.ts';
import { teltonikaCodec } from './teltonika-codec.ts';
import { frameAt, isFault } from './teltonika-frame.ts';
import { comparedSamples, samplesOf, type Facts, type Sample } from './testing/sample-facts.ts';

/** What the frame tells beside its records. */
function frameFacts({ payload }: Sample): Facts {
  const frame = frameAt(payload, 0);
  if (isFault(frame)) return { crcOk: !frame.fault.startsWith('crc') };
  const codec = avlCodecOf(frame.codecId);
  const records = codec === undefined ? [] : avlRecords(frame, codec);
  return { codec: codec?.name, crcOk: true, ackCount: records.length };
}

describe('the samples', () => {
  const samples = samplesOf('teltonika').filter(({ name }) => name.endsWith('.hex'));
  const compared = comparedSamples(samples, teltonikaCodec, frameFacts);
  test.each(compared)('$name has its facts', ({ faults, count }) => {
    expect(faults).toEqual([]);
    expect(count).toBeGreaterThan(10);
  });
});
