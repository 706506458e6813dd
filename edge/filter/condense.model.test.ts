import fc from 'fast-check';
import { expect, test } from 'vitest';

import type { Event, ScanEvent } from '#shared/event.ts';

import type { Filter, Judgement } from './filter.ts';
import { createFilter } from './rules.ts';
import { monotonicAt, rulesOf, SIX_O_CLOCK_MS, tagRead } from './testing/depot.ts';

const EXIT_AFTER_S = 5;
const RULES = rulesOf(`[{ name: dock, condense: { exitAfterS: ${EXIT_AFTER_S} } }]`);

type Step =
  | {
      readonly op: 'read';
      readonly afterS: number;
      readonly parcelId: string;
      readonly antenna: number;
      readonly rssiDbm: number | undefined;
    }
  | { readonly op: 'tick'; readonly afterS: number };

const afterS = fc.constantFrom(0, 0.2, 1, 2, 4, 6, 20);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        op: fc.constant('read' as const),
        afterS,
        parcelId: fc.constantFrom('a', 'b', 'c'),
        antenna: fc.constantFrom(1, 2),
        rssiDbm: fc.constantFrom(undefined, -70, -60, -50),
      }),
    },
    { weight: 1, arbitrary: fc.record({ op: fc.constant('tick' as const), afterS }) },
  ),
  { maxLength: 80 },
);

/** What is told of a thing: enough to compare by. */
const telling = (event: Event): unknown => {
  const { presence, parcelId, antenna, eventTimeMs, firstSeenMs, readCount, rssiDbm } =
    event as ScanEvent;
  return { presence, parcelId, antenna, eventTimeMs, firstSeenMs, readCount, rssiDbm };
};

function scanOf(step: Extract<Step, { op: 'read' }>, at: number): ScanEvent {
  const { parcelId, antenna, rssiDbm } = step;
  return tagRead({ at, parcelId, antenna, ...(rssiDbm === undefined ? {} : { rssiDbm }) });
}

/** The rule, told in the plainest way: a list of the reads of each thing that is there. */
class Dock {
  #present: ScanEvent[][] = [];

  read(scan: ScanEvent): unknown[] {
    const isSame = (reads: readonly ScanEvent[]): boolean =>
      reads[0]?.parcelId === scan.parcelId && reads[0].antenna === scan.antenna;
    const reads = this.#present.find(isSame);
    const told = reads === undefined ? [] : this.#leave([reads], scan.eventTimeMs);
    const still = this.#present.find(isSame);
    if (still === undefined) {
      this.#present.push([scan]);
      return [...told, telling({ ...scan, presence: 'enter' })];
    }
    still.push(scan);
    return told;
  }

  tick(timeMs: number): unknown[] {
    return this.#leave(this.#present, timeMs);
  }

  #leave(among: readonly ScanEvent[][], timeMs: number): unknown[] {
    const lastMs = (reads: readonly ScanEvent[]): number => reads.at(-1)?.eventTimeMs ?? 0;
    const gone = among.filter((reads) => timeMs - lastMs(reads) >= EXIT_AFTER_S * 1000);
    this.#present = this.#present.filter((reads) => !gone.includes(reads));
    return gone
      .toSorted((a, b) => lastMs(a) - lastMs(b))
      .map((reads) => {
        const signals = reads.flatMap(({ rssiDbm }) => (rssiDbm === undefined ? [] : [rssiDbm]));
        const last = reads.at(-1) as ScanEvent;
        const { rssiDbm: _, ...fields } = last;
        return telling({
          ...fields,
          presence: 'exit',
          firstSeenMs: reads[0]?.eventTimeMs ?? 0,
          readCount: reads.length,
          ...(signals.length === 0 ? {} : { rssiDbm: Math.max(...signals) }),
        });
      });
  }
}

test('a reader is condensed as the plainest telling of the rule says', () => {
  fc.assert(
    fc.property(steps, (list) => {
      const filter = createFilter(RULES);
      const dock = new Dock();
      let at = 0;
      for (const step of list) {
        at += step.afterS;
        const told =
          step.op === 'read'
            ? filter.judge([scanOf(step, at)], monotonicAt(at))
            : filter.tick(monotonicAt(at));
        const expected =
          step.op === 'read' ? dock.read(scanOf(step, at)) : dock.tick(SIX_O_CLOCK_MS + at * 1000);
        expect(sorted((told?.kept ?? []).map(telling))).toEqual(sorted(expected));
      }
    }),
    { numRuns: 400 },
  );
});

/** Of things last read at the same moment, either may be told first. */
function sorted(list: readonly unknown[]): string[] {
  return list.map((each) => JSON.stringify(each)).toSorted();
}

test('G2 no-loss: through crashes and little room, each thing enters and exits in turn, and whatever entered exits', () => {
  const crashes = fc.uniqueArray(fc.nat(80), { maxLength: 4 });
  fc.assert(
    fc.property(steps, crashes, fc.integer({ min: 1, max: 8 }), (list, crashesAt, thingsMax) => {
      const start = (): Filter => createFilter(RULES, { thingsMax });
      let filter = start();
      const journal: { event: Event; atMs: number }[] = [];
      let at = 0;
      const store = (judged: Judgement | undefined): void => {
        for (const event of judged?.kept ?? []) journal.push({ event, atMs: monotonicAt(at) });
      };
      list.forEach((step, i) => {
        at += step.afterS;
        if (crashesAt.includes(i)) {
          filter = start();
          for (const { event, atMs } of journal) filter.remember(event, atMs);
        }
        if (step.op === 'read') store(filter.judge([scanOf(step, at)], monotonicAt(at)));
        else store(filter.tick(monotonicAt(at)));
      });
      store(filter.flush(monotonicAt(at)));

      const visits = Map.groupBy(journal, ({ event }) => {
        const { parcelId, antenna } = event as ScanEvent;
        return `${parcelId} ${antenna}`;
      });
      for (const told of visits.values()) {
        const presences = told.map(({ event }) => (event as ScanEvent).presence);
        expect(presences).toEqual(presences.map((_, i) => (i % 2 === 0 ? 'enter' : 'exit')));
        expect(presences.length % 2).toBe(0);
      }
    }),
    { numRuns: 400 },
  );
});
