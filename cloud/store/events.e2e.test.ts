import fc from 'fast-check';
import { describe, expect } from 'vitest';

import { orderTimeMs, type Event, type PositionEvent, type ScanEvent } from '#shared/event.ts';
import { event } from '#shared/testing/arbitrary-event.ts';

import type { EventRow } from '../consolidate/consolidate.ts';
import { insertEvents } from './insert-events.ts';
import { readParcel, readParcelEvents } from './parcels.ts';
import type { Database } from './store.ts';
import { databaseTest, ENGINES } from './testing/database-test.ts';
import { readLastPosition, readPositions } from './vehicles.ts';

const SCAN: ScanEvent = {
  kind: 'scan',
  deviceId: 'ring-1',
  eventTimeMs: Date.UTC(2026, 10, 23, 8),
  receiveTimeMs: Date.UTC(2026, 10, 23, 8, 0, 1),
  timeQuality: 'device',
  data: 'P-1',
  parcelId: 'P-1',
};

const POSITION: PositionEvent = {
  kind: 'position',
  deviceId: 'truck-1',
  eventTimeMs: SCAN.eventTimeMs,
  receiveTimeMs: SCAN.receiveTimeMs,
  timeQuality: 'device',
  lat: 1,
  lon: 2,
};

let epochs = 0;

/** The events as one journal that the database has not seen. */
function journalOf(events: readonly Event[]): EventRow[] {
  const epoch = `e${++epochs}`;
  return events.map((each, i) => ({ gateway: 'gw-1', epoch, seq: i + 1, event: each }));
}

async function insert(db: Database, rows: readonly EventRow[]): Promise<void> {
  await db.transaction((tx) => insertEvents(tx, rows));
}

const TABLES = {
  scan: 'scan',
  position: 'position',
  reading: 'reading',
  status: 'status',
  raw: 'raw_event',
};

/** What is stored of the row, columns by name in camel case; without those that are null. */
async function storedColumns(
  db: Database,
  { gateway, epoch, seq, event: { kind } }: EventRow,
): Promise<object> {
  const [row] = await db.query(
    `SELECT * FROM ${TABLES[kind]} WHERE gateway = $1 AND epoch = $2 AND seq = $3`,
    [gateway, epoch, seq],
  );
  const entries = Object.entries(row ?? {}).filter(
    ([name, value]) => value !== null && name !== 'recorded_at',
  );
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name.replaceAll(/_(\w)/gu, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
}

/** The same, of what was to be stored. */
function expectedColumns({ gateway, epoch, seq, event: each }: EventRow): object {
  const { kind: _, eventTimeMs, receiveTimeMs, clock, ...own } = each;
  const { firstSeenMs: firstSeen, ...fields } = { firstSeenMs: undefined, ...own };
  const times = {
    orderTime: orderTimeMs(each),
    eventTime: eventTimeMs,
    receiveTime: receiveTimeMs,
    firstSeen,
  };
  const clocks = {
    bootId: clock?.bootId,
    monotonicMs: clock?.monotonicMs,
    clockTrust: clock?.trust,
    clockCorrectionMs: clock?.correctionMs,
  };
  return { gateway, epoch, seq, ...times, ...clocks, ...fields };
}

/** The event as the API gets it, for the kinds that it asks for. */
async function readBack(
  db: Database,
  { gateway, epoch, seq, event: each }: EventRow,
): Promise<object | undefined> {
  const stretch = {
    limit: 1,
    after: { gateway, epoch, seq: seq - 1, orderTimeMs: orderTimeMs(each) },
  };
  const found =
    each.kind === 'scan'
      ? await readParcelEvents(db, each.parcelId, stretch)
      : each.kind === 'position'
        ? await readPositions(db, each.deviceId, stretch)
        : [];
  if (found[0] === undefined) return undefined;
  const { recordedAtMs: _, ...row } = found[0];
  return row;
}

describe.each(ENGINES)('events on %s', (engine) => {
  const check = databaseTest(engine);

  check('an event of any kind is stored as it is, field by field', async ({ db }) => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 20 }), async (events) => {
        const rows = journalOf(events);
        await insert(db, rows);
        for (const row of rows) expect(await storedColumns(db, row)).toEqual(expectedColumns(row));
      }),
      { numRuns: 40 },
    );
  });

  check('a scan comes back by its parcel, a position by its vehicle, as it was', async ({ db }) => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 20 }), async (events) => {
        const rows = journalOf(events);
        await insert(db, rows);
        for (const row of rows) {
          const found = await readBack(db, row);
          if (found !== undefined) expect(found).toStrictEqual(row);
        }
      }),
      { numRuns: 20 },
    );
  });

  check(
    'G3 once: an event that is inserted again fails its transaction, and nothing doubles',
    async ({ db }) => {
      const rows = journalOf([SCAN, { ...SCAN, data: 'P-2', parcelId: 'P-2' }]);
      await insert(db, rows.slice(0, 1));
      await expect(insert(db, rows)).rejects.toMatchObject({ code: '23505' });
      expect(await db.query('SELECT parcel_id FROM scan')).toStrictEqual([{ parcel_id: 'P-1' }]);
    },
  );

  check('thousands of events of all kinds go in at once', async ({ db }) => {
    const events = fc.sample(event, { numRuns: 300, seed: 7 });
    const many = Array.from({ length: 20_000 }, (_, i) => events[i % events.length] ?? SCAN);
    await insert(db, journalOf(many));
    const [count] = await db.query(
      `SELECT (SELECT count(*) FROM scan) + (SELECT count(*) FROM position) + (SELECT count(*) FROM reading)
            + (SELECT count(*) FROM status) + (SELECT count(*) FROM raw_event) AS events`,
    );
    expect(count).toStrictEqual({ events: 20_000 });
  });

  check(
    'a label of thousands of characters is stored whole, and found by its identifier',
    async ({ db }) => {
      const data = Array.from({ length: 4000 }, (_, i) =>
        String.fromCodePoint(0x4e00 + ((i * 7919) % 20_000)),
      ).join('');
      await insert(db, journalOf([{ ...SCAN, data, parcelId: data }]));
      const found = await readParcelEvents(db, data, { limit: 1 });
      expect(found[0]?.event).toStrictEqual({ ...SCAN, data, parcelId: data });
    },
  );

  check(
    'a time that no calendar holds is stored as the nearest, and stops nobody',
    async ({ db }) => {
      const absurd = (eventTimeMs: number): PositionEvent => ({
        ...POSITION,
        timeQuality: 'implausible',
        eventTimeMs,
      });
      await insert(db, journalOf([absurd(1.7e16), absurd(-1.7e16), absurd(0)]));
      const found = await readPositions(db, 'truck-1', { limit: 3 });
      expect(found.map((each) => each.event.eventTimeMs)).toStrictEqual([
        8.64e15,
        Date.UTC(-4712, 0, 1),
        0,
      ]);
    },
  );

  check(
    'a timeline is in the order of time, gateway, epoch and sequence number',
    async ({ db }) => {
      const row = (gateway: string, epoch: string, seq: number, eventTimeMs: number): EventRow => ({
        gateway,
        epoch,
        seq,
        event: { ...SCAN, eventTimeMs },
      });
      // Byte by byte, '-' comes before digits and letters: other collations have it otherwise.
      const inOrder = [
        row('gw-2', 'e', 9, 1000),
        row('gw-1', 'e-b', 1, 2000),
        row('gw-1', 'ea', 1, 2000),
        row('gw-1', 'ea', 2, 2000),
        row('gw-1', 'ea', 10, 2000),
        row('gw1', 'a', 1, 2000),
        row('gw-1', 'ea', 3, 3000),
      ];
      await insert(db, inOrder.toReversed());
      const found = await readParcelEvents(db, 'P-1', { limit: 100 });
      const idOf = ({ gateway, epoch, seq }: EventRow): string => `${gateway}:${epoch}:${seq}`;
      expect(found.map(idOf)).toStrictEqual(inOrder.map(idOf));
      const parcel = await readParcel(db, 'P-1');
      expect(parcel).toMatchObject({ firstTimeMs: 1000, lastTimeMs: 3000, eventCount: 7 });
      expect(parcel?.last.event.eventTimeMs).toBe(3000);
    },
  );

  check('an implausible time orders nothing: the receive time does', async ({ db }) => {
    const late = {
      ...SCAN,
      eventTimeMs: Date.UTC(2099, 0, 1),
      timeQuality: 'implausible' as const,
    };
    await insert(db, journalOf([late, { ...SCAN, eventTimeMs: SCAN.receiveTimeMs + 1 }]));
    const parcel = await readParcel(db, 'P-1');
    expect(parcel?.last.event.timeQuality).toBe('device');
    expect(parcel?.firstTimeMs).toBe(SCAN.receiveTimeMs);
  });

  check(
    'G10 clock: an event comes back with what the gateway said of its clock, and without where it said nothing',
    async ({ db }) => {
      const clock = { bootId: '3f2a9c81d04e', monotonicMs: 81_000, trust: 'unset' } as const;
      const events: ScanEvent[] = [
        SCAN,
        { ...SCAN, clock },
        { ...SCAN, clock: { ...clock, trust: 'synced', correctionMs: -3_600_000 } },
      ];
      await insert(db, journalOf(events));
      const found = await readParcelEvents(db, 'P-1', { limit: 3 });
      expect(found.map((each) => each.event)).toStrictEqual(events);
      expect((await readParcel(db, 'P-1'))?.last.event).toStrictEqual(events[2]);
      await insert(db, journalOf([{ ...POSITION, clock }]));
      expect((await readLastPosition(db, 'truck-1'))?.event).toStrictEqual({ ...POSITION, clock });
    },
  );

  check('a stretch takes its start, not its end, and goes on after a place', async ({ db }) => {
    await insert(
      db,
      journalOf([1000, 2000, 3000, 4000].map((eventTimeMs) => ({ ...SCAN, eventTimeMs }))),
    );
    const times = async (stretch: object): Promise<number[]> =>
      (await readParcelEvents(db, 'P-1', { limit: 10, ...stretch })).map(
        (each) => each.event.eventTimeMs,
      );
    expect(await times({ fromMs: 2000, toMs: 4000 })).toStrictEqual([2000, 3000]);
    const [, second] = await readParcelEvents(db, 'P-1', { limit: 2 });
    const after = { orderTimeMs: 2000, gateway: 'gw-1', epoch: second?.epoch ?? '', seq: 2 };
    expect(await times({ after })).toStrictEqual([3000, 4000]);
    expect(await times({ after, toMs: 4000 })).toStrictEqual([3000]);
  });

  check('what was never seen is undefined', async ({ db }) => {
    expect(await readParcel(db, 'P-404')).toBeUndefined();
    expect(await readLastPosition(db, 'truck-404')).toBeUndefined();
    expect(await readPositions(db, 'truck-404', { limit: 5 })).toStrictEqual([]);
  });
});
