/**
 * What goes when there is no room (G7): the levels to which a segment is thinned, each taking a little more.
 *
 * ```
 *   level  1 every n-th of telemetry, a device    2 telemetry    3 status    4 raw    5 custody
 * ```
 *
 * All segments are brought to a level, the oldest first, before one is brought to the next. In front of them all goes
 * what JetStream has already, which is not shed as long as it gets from there into the read model.
 */
import type { EventClass } from '#shared/event-class.ts';
import type { ShedReason } from '#shared/shed.ts';

import { entriesOf, type Block, type Entry } from './block.ts';
import { BlockBuilder } from './block-builder.ts';
import { peekRecord } from './record.ts';
import type { SegmentFacts } from './segment-facts.ts';

export type SheddingRules = {
  /** Of telemetry one in so many is kept for each device, before all of it goes. */
  readonly telemetryKeepOneIn: number;
  /** Whether scans go too, when nothing else is left; otherwise they are refused an acknowledgement. */
  readonly custody: boolean;
};

export const SHED_LEVELS: readonly { readonly gone: EventClass; readonly reason: ShedReason }[] = [
  { gone: 'telemetry', reason: 'thinned' },
  { gone: 'telemetry', reason: 'telemetry' },
  { gone: 'status', reason: 'status' },
  { gone: 'raw', reason: 'raw' },
  { gone: 'custody', reason: 'custody' },
];

/** The level of a segment of which nothing is left. */
export const ALL_GONE = SHED_LEVELS.length + 1;

/** Below this a thinned segment is not worth its writing. */
const GAIN_BYTES_MIN = 4096;

export function levelMax({ custody }: SheddingRules): number {
  return custody ? SHED_LEVELS.length : SHED_LEVELS.length - 1;
}

/** About how many bytes of records a segment would lose on the way to `level`. */
export function gainOf(
  { classes, shedLevel }: SegmentFacts,
  level: number,
  rules: SheddingRules,
): number {
  if (shedLevel >= level) return 0;
  const { gone, reason } = SHED_LEVELS[level - 1] ?? { gone: 'custody', reason: 'custody' };
  const { bytes } = classes[gone];
  const gain = reason === 'thinned' ? bytes - bytes / rules.telemetryKeepOneIn : bytes;
  return gain < GAIN_BYTES_MIN ? 0 : gain;
}

/** The blocks of a segment without what goes at `level`. */
export function* thin(
  blocks: Iterable<Block>,
  level: number,
  options: SheddingRules & { readonly keepKeys: boolean },
): Generator<Block> {
  const builder = new BlockBuilder();
  const judge = judgeOf(level, options.telemetryKeepOneIn);
  for (const block of blocks) {
    const entries = entriesOf(block).map((entry): Entry => {
      const reason = entry.type === 'shed' ? undefined : judge(entry.record);
      if (entry.type === 'shed' || reason === undefined) return entry;
      return { type: 'shed', first: entry.seq, last: entry.seq, reason };
    });
    yield* builder.add(block, entries, options.keepKeys);
  }
  yield* builder.finish();
}

/** Why a record goes, if it does. */
function judgeOf(level: number, keepOneIn: number): (record: Uint8Array) => ShedReason | undefined {
  const gone = new Map<EventClass, ShedReason>();
  for (const { gone: name, reason } of SHED_LEVELS.slice(0, level)) gone.set(name, reason);
  const seen = new Map<string, number>();
  return (record) => {
    const { eventClass, deviceId: device } = peekRecord(record);
    const reason = gone.get(eventClass);
    if (reason !== 'thinned') return reason;
    const count = seen.get(device) ?? 0;
    seen.set(device, count + 1);
    return count % keepOneIn === 0 ? undefined : reason;
  };
}
