import { describe, expect, test } from 'vitest';

import { manualClock } from '#shared/testing/manual-clock.ts';

import { FlowMeter } from './flow-meter.ts';
import { SimulatedJournal, type Rates } from './testing/simulated-journal.ts';

const MEBIBYTE = 1024 * 1024;
const SAMPLE_S = 5;
/** Three windows: what was before weighs 5 %. */
const SETTLE_S = 180;
const ERROR_MAX = 0.2;
const HOURS = 3600;

const depot = {
  bytesMax: 4096 * MEBIBYTE,
  segmentBytesMax: 16 * MEBIBYTE,
  recordBytes: 180,
  sealedFactor: 1.2,
  openFactor: 1.6,
};

type Phase = Rates & { readonly seconds: number };

/** Six hours of a depot: a night, an outage at rising rates, a link that is too slow, then one that catches up. */
const SIX_HOURS: readonly Phase[] = [
  { seconds: HOURS, inPerS: 400, outPerS: 1e9 },
  { seconds: HOURS, inPerS: 400, outPerS: 0 },
  { seconds: HOURS, inPerS: 1600, outPerS: 0 },
  { seconds: HOURS, inPerS: 800, outPerS: 300 },
  { seconds: HOURS, inPerS: 100, outPerS: 1500 },
  { seconds: HOURS, inPerS: 0, outPerS: 2000 },
];

/** How long the journal really goes on like this until it is so; `null` where that is never, or not within two days. */
function timeUntil(
  journal: SimulatedJournal,
  rates: Rates,
  isSo: (journal: SimulatedJournal) => boolean,
): number | null {
  const ahead = journal.copy();
  const stepS = 10;
  for (let seconds = 0; seconds < 48 * HOURS; seconds += stepS) {
    if (isSo(ahead)) return seconds;
    ahead.pass(stepS, rates);
  }
  return null;
}

/** The worst error of each estimate in each phase after the rates have settled, against what the journal really does. */
async function errorsOf(journal: SimulatedJournal, phases: readonly Phase[]) {
  const clock = manualClock();
  const meter = new FlowMeter();
  meter.add(journal.stats(), clock.monotonic());
  const errors: { full: number; drained: number; compared: number }[] = [];
  for (const phase of phases) {
    const error = { full: 0, drained: 0, compared: 0 };
    for (let seconds = SAMPLE_S; seconds <= phase.seconds; seconds += SAMPLE_S) {
      await clock.advance(SAMPLE_S * 1000);
      journal.pass(SAMPLE_S, phase);
      meter.add(journal.stats(), clock.monotonic());
      if (seconds < SETTLE_S || seconds % 300 !== 0) continue;
      const { timeToFullS, timeToDrainedS } = meter.flow();
      // An answer is used to decide about hours: below a minute it is exact enough as it is.
      const full = timeUntil(journal, phase, (ahead) => ahead.isFull);
      const drained = timeUntil(journal, phase, (ahead) => ahead.pending === 0);
      error.full = Math.max(error.full, errorOf(timeToFullS, full));
      error.drained = Math.max(error.drained, errorOf(timeToDrainedS, drained));
      error.compared++;
    }
    errors.push(error);
  }
  return errors;
}

function errorOf(estimate: number | null, truth: number | null): number {
  if (truth === null) return estimate === null ? 0 : 1;
  if (truth < 60) return estimate !== null && estimate < 120 ? 0 : 1;
  return estimate === null ? 1 : Math.abs(estimate - truth) / truth;
}

describe('time to full and time to drained', () => {
  test('are right to a fifth through six hours of steady and stepped rates', async () => {
    const errors = await errorsOf(new SimulatedJournal(depot), SIX_HOURS);
    expect(errors.every(({ compared }) => compared >= 10)).toBe(true);
    for (const { full, drained } of errors) {
      expect(full).toBeLessThanOrEqual(ERROR_MAX);
      expect(drained).toBeLessThanOrEqual(ERROR_MAX);
    }
  });

  test('learn what a record costs on the disk, where commits are small', async () => {
    const small = { ...depot, bytesMax: 512 * MEBIBYTE, sealedFactor: 2.4, openFactor: 3 };
    const journal = new SimulatedJournal(small);
    const outage = { inPerS: 400, outPerS: 0 };
    // Two segments are sealed within ten minutes; until then it goes by a guess.
    const [before, after] = await errorsOf(journal, [
      { ...outage, seconds: 900 },
      { ...outage, seconds: 1200 },
    ]);
    expect(before?.compared).toBeGreaterThan(0);
    expect(after?.full).toBeLessThanOrEqual(ERROR_MAX);
  });

  test('know the cost of a record from what is there, where a gateway starts with a long backlog', async () => {
    const journal = new SimulatedJournal({ ...depot, sealedFactor: 2.2, openFactor: 2.4 });
    for (let i = 0; i < 600; i++) journal.pass(10, { inPerS: 700, outPerS: 0 });
    const [first] = await errorsOf(journal, [{ seconds: 600, inPerS: 100, outPerS: 0 }]);
    expect(first?.full).toBeLessThanOrEqual(ERROR_MAX);
  });
});

describe('the rates', () => {
  test('do not depend on how often they are looked at', () => {
    const ends = [1, 5, 30].map((stepS) => {
      const journal = new SimulatedJournal(depot);
      const meter = new FlowMeter();
      for (let seconds = 0; seconds <= 600; seconds += stepS) {
        meter.add(journal.stats(), seconds * 1000);
        journal.pass(stepS, { inPerS: 250, outPerS: 100 });
      }
      return meter.flow();
    });
    for (const { in: into, out } of ends) {
      expect(into.eventsPerS).toBeCloseTo(250, 0);
      expect(into.bytesPerS).toBeCloseTo(250 * 180, -2);
      expect(out.eventsPerS).toBeCloseTo(100, 0);
    }
  });

  test('G10 clock: time that did not pass, or went back, changes nothing', () => {
    const journal = new SimulatedJournal(depot);
    const meter = new FlowMeter();
    meter.add(journal.stats(), 1000);
    journal.pass(10, { inPerS: 100, outPerS: 0 });
    meter.add(journal.stats(), 1000);
    meter.add(journal.stats(), 500);
    expect(meter.flow().in.eventsPerS).toBe(0);
    meter.add(journal.stats(), 11_000);
    expect(meter.flow().in.eventsPerS).toBeCloseTo(100);
  });

  test('a past epoch that is gone was applied to its end', () => {
    const journal = new SimulatedJournal(depot);
    const meter = new FlowMeter();
    const stats = journal.stats();
    const past = {
      ...stats.epochs[0],
      epoch: 'past',
      isCurrent: false,
      headSeq: 900,
      pending: 600,
    };
    meter.add({ ...stats, epochs: [{ ...stats.epochs[0], ...past } as never, ...stats.epochs] }, 0);
    meter.add(stats, 10_000);
    expect(meter.flow().out.eventsPerS).toBeCloseTo(60);
  });

  test('an idle gateway is drained and does not fill', () => {
    const meter = new FlowMeter();
    const stats = new SimulatedJournal(depot).stats();
    meter.add(stats, 0);
    meter.add(stats, 5000);
    expect(meter.flow()).toEqual({
      in: { eventsPerS: 0, bytesPerS: 0 },
      out: { eventsPerS: 0, bytesPerS: 0 },
      timeToFullS: null,
      timeToDrainedS: 0,
    });
  });
});
