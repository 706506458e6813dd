import { describe, expect, test } from 'vitest';

import { TallyError } from '#shared/errors.ts';
import { manualClock } from '#shared/testing/manual-clock.ts';

import type { ClockReading } from '../clock/clock.ts';
import type { JournalStats } from '../journal/journal.ts';
import { EventWatch, type WatchedEvents } from './event-watch.ts';
import { StatusBoard } from './status-board.ts';
import { statusSchema, type Status } from './status.ts';
import { SimulatedJournal } from './testing/simulated-journal.ts';

const MINUTE = 60_000;
const START_MS = 1_795_420_800_000;
const silent = () => {};
const events: WatchedEvents = {
  journalDamaged: silent,
  journalShed: silent,
  journalFull: silent,
  connected: silent,
  disconnected: silent,
  receiptUnreadable: silent,
  batchStored: silent,
  batchRefused: silent,
  batchUnreadable: silent,
  receiptApplied: silent,
  streamBeganAgain: silent,
};

function batch(firstSeq: number, lastSeq: number) {
  return { firstSeq, lastSeq, lane: 'fresh', bytes: new Uint8Array() } as const;
}

const DELIVERY = {
  sessions: 2,
  subscriptions: 0,
  retained: 0,
  heldBytes: 0,
  sent: 0,
  dropped: 0,
  notRetained: 0,
};

/** A board on a clock that the test turns, with a journal that answers, or does not. */
function board({ rates = { inPerS: 0, outPerS: 0 }, isSilent = false } = {}) {
  const turned = manualClock(START_MS);
  const simulated = new SimulatedJournal({
    bytesMax: 1024 ** 3,
    segmentBytesMax: 16 * 1024 ** 2,
    recordBytes: 200,
    sealedFactor: 1.2,
    openFactor: 1.5,
  });
  const journal = {
    isSilent,
    asked: 0,
    oldestPendingMs: undefined as number | undefined,
    async stats(): Promise<JournalStats> {
      journal.asked++;
      if (journal.isSilent) await new Promise(silent);
      return {
        ...simulated.stats(),
        oldestPendingMs: journal.oldestPendingMs,
        isReserveSetAside: true,
      };
    },
  };
  const reading = { bootId: 'b007b007b007', offsetMs: 0, trust: 'synced' as ClockReading['trust'] };
  const watch = new EventWatch(() => turned.monotonic());
  const it = new StatusBoard({
    site: 'berlin',
    gateway: 'gw-1',
    version: '0.1.0',
    clock: { ...turned, reading: () => reading },
    journal,
    brokers: [
      {
        name: 'hall-1',
        state: () => 'connected',
        counts: () => ({ unsettled: 1, messages: [0, 7, 2], withheld: 3, refused: { topic: 1 } }),
      },
    ],
    ingest: {
      counts: () => ({
        connections: 2,
        unsettled: 0,
        messages: [0, 5, 0],
        withheld: 0,
        refused: { topic: 1 },
        delivery: DELIVERY,
      }),
    },
    watch,
  });
  const stopping = new AbortController();
  void it.run(stopping.signal);
  return {
    journal,
    reading,
    heard: watch.listenTo(events),
    status: async (): Promise<Status> => statusSchema.parse(await it.status()),
    codes: async (): Promise<string[]> => ((await it.status())?.problems ?? []).map((p) => p.code),
    advance: async (ms: number): Promise<void> => {
      for (let left = ms; left > 0; left -= 5000) {
        simulated.pass(Math.min(left, 5000) / 1000, rates);
        await turned.advance(Math.min(left, 5000));
      }
    },
    it,
    turned,
  };
}

describe('the document', () => {
  test('G4 accounts: received = filtered + applied + pending, whatever flows', async () => {
    const { status, advance } = board({ rates: { inPerS: 300, outPerS: 120 } });
    for (let i = 0; i < 10; i++) {
      await advance(7000);
      const { journal } = await status();
      for (const { received, filtered, applied, pending } of journal.epochs) {
        const removed = Object.values(filtered).reduce((sum, count) => sum + count, 0);
        expect(received).toBe(removed + applied + pending);
      }
    }
    const { flow } = await status();
    expect(Math.abs(flow.in.eventsPerS - 300)).toBeLessThan(30);
    expect(Math.abs(flow.out.eventsPerS - 120)).toBeLessThan(12);
  });

  test('G7 bounded: however often it is asked, the journal is asked about once a second', async () => {
    const { status, journal, advance } = board();
    await advance(4000);
    const before = journal.asked;
    await Promise.all(Array.from({ length: 100 }, status));
    expect(journal.asked).toBeLessThanOrEqual(before + 1);
  });

  test('of a journal that does not answer is what it said last, with its age, and then a problem', async () => {
    const { it, status, codes, journal, advance, turned } = board();
    await advance(5000);
    await status();
    journal.isSilent = true;
    await advance(MINUTE);
    const asked = it.status();
    await turned.advance(2000);
    expect((await asked)?.journal.ageS).toBeGreaterThanOrEqual(60);
    const again = codes();
    await turned.advance(2000);
    expect(await again).toEqual(['journal-silent']);
  });

  test('is not there before the journal has answered once', async () => {
    const { it, turned } = board({ isSilent: true });
    const asked = it.status();
    await turned.advance(2000);
    expect(await asked).toBeUndefined();
  });

  test('G10 clock: ages are of the monotonic clock, and none is made of a wall clock that is not set', async () => {
    const { status, journal, reading, advance } = board();
    journal.oldestPendingMs = START_MS - 10 * MINUTE;
    await advance(MINUTE);
    expect(await status()).toMatchObject({
      uptimeS: 60,
      startedAt: new Date(START_MS).toISOString(),
      journal: { oldestPendingAgeS: 660 },
    });
    journal.oldestPendingMs = 5 * MINUTE;
    await advance(MINUTE);
    expect((await status()).journal.oldestPendingAgeS).toBeNull();
    journal.oldestPendingMs = START_MS;
    reading.trust = 'unset';
    await advance(MINUTE);
    expect((await status()).journal.oldestPendingAgeS).toBeNull();
    expect((await status()).clock.trust).toBe('unset');
  });
});

describe('what needs a person', () => {
  test('nothing does at first, nor while the link is down for less than ten minutes', async () => {
    const { codes, heard, advance } = board();
    await advance(9 * MINUTE);
    expect(await codes()).toEqual([]);
    await advance(2 * MINUTE);
    expect(await codes()).toEqual(['link-down']);
    heard.connected('nats://127.0.0.1:4222');
    expect(await codes()).toEqual([]);
  });

  test('a link that comes and goes is down since it went, and says why', async () => {
    const { status, heard, advance } = board();
    heard.connected('nats://127.0.0.1:4222');
    await advance(5 * MINUTE);
    heard.disconnected('connection lost');
    await advance(3 * MINUTE);
    heard.disconnected('connection \u001b[31mrefused');
    await advance(MINUTE);
    expect((await status()).link).toEqual({
      connected: false,
      forS: 240,
      lastError: { reason: 'connection  [31mrefused', agoS: 60 },
    });
  });

  test('a journal that will be full within four hours, and not one that will be later', async () => {
    const slow = board({ rates: { inPerS: 200, outPerS: 0 } });
    await slow.advance(5 * MINUTE);
    expect(await slow.codes()).toEqual([]);
    const quick = board({ rates: { inPerS: 2000, outPerS: 0 } });
    await quick.advance(5 * MINUTE);
    expect(await quick.codes()).toEqual(['journal-filling']);
  });

  test('a full journal, until it has room; what was shed, for ten minutes; damage, until the end', async () => {
    const { codes, heard, advance } = board();
    heard.connected('nats://127.0.0.1:4222');
    await advance(5000);
    heard.journalFull(true, 'the journal holds 5 bytes of at most 4');
    heard.journalShed({ segment: 1, reason: 'thinned', bytesFreed: 1000 });
    expect(await codes()).toEqual(['journal-full', 'journal-shedding']);
    heard.journalFull(false, '');
    heard.journalDamaged({} as never);
    await advance(11 * MINUTE);
    heard.journalShed({ segment: 1, reason: 'stored', bytesFreed: 1000 });
    expect(await codes()).toEqual(['journal-damaged']);
  });

  test('a batch that the stream refuses for good, until it is stored', async () => {
    const { codes, heard, advance } = board();
    heard.connected('nats://127.0.0.1:4222');
    await advance(5000);
    heard.batchRefused(batch(1, 9), new TallyError('retry', 'stream-unavailable', 'busy'), 100);
    expect(await codes()).toEqual([]);
    heard.batchRefused(batch(1, 9), new TallyError('stop', 'stream-mismatch', 'sealed'), 30_000);
    heard.batchStored(batch(10, 20));
    expect(await codes()).toEqual(['stream-refuses']);
    heard.batchStored(batch(1, 9));
    expect(await codes()).toEqual([]);
    heard.batchRefused(batch(21, 20), new TallyError('stop', 'stream-mismatch', 'sealed'), 30_000);
    expect(await codes()).toEqual(['stream-refuses']);
    heard.batchStored(batch(21, 30));
    expect(await codes()).toEqual([]);
  });

  test('events that cannot be read and are not repaired, until a batch has them', async () => {
    const { codes, heard, advance } = board();
    heard.connected('nats://127.0.0.1:4222');
    await advance(5000);
    const damaged = new TallyError('retry', 'journal-damaged', 'damaged');
    heard.batchUnreadable(5, damaged, 0);
    expect(await codes()).toEqual([]);
    heard.batchUnreadable(5, damaged, 30_000);
    expect(await codes()).toEqual(['journal-unreadable']);
    heard.batchStored(batch(1, 9));
    expect(await codes()).toEqual([]);
  });

  test('a clock that has not been set for ten minutes', async () => {
    const { codes, heard, reading, advance } = board();
    heard.connected('nats://127.0.0.1:4222');
    reading.trust = 'unset';
    await advance(9 * MINUTE);
    expect(await codes()).toEqual([]);
    await advance(2 * MINUTE);
    expect(await codes()).toEqual(['clock-unset']);
    reading.trust = 'holdover';
    await advance(5000);
    expect(await codes()).toEqual([]);
  });
});
