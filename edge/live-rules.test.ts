import { describe, expect, test } from 'vitest';

import { TallyError } from '#shared/errors.ts';
import type { Event, StatusEvent } from '#shared/event.ts';
import { manualClock } from '#shared/testing/manual-clock.ts';

import type { Filter, Judgement } from './filter/filter.ts';
import { passThrough } from './filter/pass-through.ts';
import type { Outcome, Settled } from './journal/journal.ts';
import { LiveRules, type RuleSet } from './live-rules.ts';

function status(n: number): StatusEvent {
  return {
    kind: 'status',
    deviceId: `d-${n}`,
    eventTimeMs: n,
    timeQuality: 'device',
    receiveTimeMs: n,
  };
}

const keeping = (event: Event): Judgement => ({ kept: [event], removed: [] });

class FakeJournal {
  readonly log: string[] = [];
  error: TallyError | undefined;

  append({ kept }: Outcome, settled: Settled): void {
    this.log.push(...kept.map(({ deviceId }) => deviceId));
    settled(this.error);
  }

  setRules(version: string): void {
    this.log.push(`rules ${version}`);
  }
}

function rules(version: string, filter: Partial<Filter>, log: string[] = []): RuleSet {
  return {
    version,
    decode: () => [],
    filter: { ...passThrough, ...filter },
    [Symbol.asyncDispose]: async () => {
      log.push(`${version} ends`);
    },
  };
}

describe('rules that live', () => {
  test('hear that time passes, and what they make is kept', async () => {
    const clock = manualClock();
    const journal = new FakeJournal();
    const tick = (ms: number): Judgement | undefined =>
      ms >= 1000 ? keeping(status(1)) : undefined;
    await using live = new LiveRules(rules('a', { tick }), { clock, journal, recent: () => [] });
    await clock.advance(900);
    expect(journal.log).toEqual([]);
    await clock.advance(100);
    expect(journal.log).toEqual(['d-1']);
    expect(live.judge([status(2)], 0).kept).toHaveLength(1);
  });

  test('begin with what the journal holds of late', async () => {
    const seen: [string, number][] = [];
    const remember = (event: Event, monotonicMs: number): void => {
      seen.push([event.deviceId, monotonicMs]);
    };
    const recent = (): { event: Event; monotonicMs: number }[] => [
      { event: status(1), monotonicMs: -50 },
    ];
    const parts = { clock: manualClock(), journal: new FakeJournal(), recent };
    await using live = new LiveRules(rules('a', { remember }), parts);
    await live.replace(rules('b', { remember }));
    expect(seen).toEqual([
      ['d-1', -50],
      ['d-1', -50],
    ]);
  });

  test('G9 safe-config: are replaced between two messages: what the old ones held back is kept, then the new ones judge', async () => {
    const journal = new FakeJournal();
    const parts = { clock: manualClock(), journal, recent: () => [] };
    const old = rules('old', { flush: () => keeping(status(7)) }, journal.log);
    await using live = new LiveRules(old, parts);
    await live.replace(rules('new', { judge: () => ({ kept: [], removed: ['all'] }) }));
    expect(journal.log).toEqual(['d-7', 'rules new', 'old ends']);
    expect(live.judge([status(1)], 0).removed).toEqual(['all']);
  });

  test('begin, where they replace others, with what those held back: what has left does not leave again', async () => {
    const seen: string[] = [];
    const recent = (): { event: Event; monotonicMs: number }[] => [
      { event: status(1), monotonicMs: -50 },
    ];
    const parts = { clock: manualClock(), journal: new FakeJournal(), recent };
    await using live = new LiveRules(rules('old', { flush: () => keeping(status(7)) }), parts);
    await live.replace(rules('new', { remember: ({ deviceId }) => void seen.push(deviceId) }));
    expect(seen).toEqual(['d-1', 'd-7']);
  });

  test('G2 no-loss: what they make is given back to them where the disk does not take it', async () => {
    const clock = manualClock();
    const journal = new FakeJournal();
    journal.error = new TallyError('retry', 'journal-full', 'no room');
    const forgotten: string[] = [];
    const filter: Partial<Filter> = {
      tick: () => keeping(status(3)),
      forget: (events) => forgotten.push(...events.map(({ deviceId }) => deviceId)),
    };
    await using _live = new LiveRules(rules('a', filter), { clock, journal, recent: () => [] });
    await clock.advance(250);
    expect(forgotten).toEqual(['d-3']);
  });

  test('keep what they still hold back when the gateway stops', async () => {
    const journal = new FakeJournal();
    {
      await using _live = new LiveRules(rules('a', { flush: () => keeping(status(9)) }), {
        clock: manualClock(),
        journal,
        recent: () => [],
      });
    }
    expect(journal.log).toEqual(['d-9']);
  });
});
