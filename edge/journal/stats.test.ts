import { describe, expect, test } from 'vitest';

import { Epoch, Epochs } from './epochs.ts';
import type { SegmentFacts } from './segment-facts.ts';
import type { SealedSegment } from './state.ts';
import { statsOf, type StatsSource } from './stats.ts';

const none = { events: 0, bytes: 0 };

function facts(oldestMs: number, newestMs: number): SegmentFacts {
  const classes = {
    telemetry: { events: 100, bytes: 5000 },
    status: none,
    raw: none,
    custody: none,
  };
  return { classes, shed: {}, shedRanges: [], oldestMs, newestMs, shedLevel: 0 };
}

function sealed(firstSeq: number, lastSeq: number, times: SegmentFacts): SealedSegment {
  const file = { number: firstSeq, epoch: 'a', bytes: 9000, fileCrc: 0, isGone: false };
  return { ...file, firstSeq, lastSeq, facts: times };
}

function statsWith(applied: readonly (readonly [number, number])[]) {
  const current = new Epoch({
    epoch: 'a',
    createdMs: 0,
    ended: undefined,
    applied,
    stored: [],
    shed: {},
  });
  const source: StatsSource = {
    options: { bytesMax: 1e9 },
    epochs: new Epochs([current]),
    sealed: [sealed(1, 100, facts(10_000, 20_000)), sealed(101, 200, facts(20_000, 120_000))],
    open: undefined,
    headSeq: 200,
    filtered: {},
    bytes: 18_000,
    isReserveSetAside: true,
  };
  return statsOf(source);
}

describe('the oldest pending event', () => {
  test.each([
    ['with nothing applied, the first', [], 10_000],
    ['with half of a segment applied, one from the middle of it', [[1, 50]], 15_000],
    ['where the gateway keeps up, one of the last', [[1, 199]], 119_000],
    [
      'with a hole, the one in the hole',
      [
        [1, 100],
        [102, 200],
      ],
      20_000,
    ],
    ['with all applied, none', [[1, 200]], undefined],
  ] as const)('is %s', (_what, applied, expected) => {
    expect(statsWith(applied).oldestPendingMs).toBe(expected);
  });
});
