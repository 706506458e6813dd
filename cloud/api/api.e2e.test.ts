import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';

import type { ShedRange } from '#proto/batch/batch.ts';
import type { Event, PositionEvent, ScanEvent } from '#shared/event.ts';
import { RangeSet } from '#shared/ranges.ts';

import type { EpochState } from '../consolidate/consolidate.ts';
import { lockEpochs, saveEpochs } from '../store/gateway-epochs.ts';
import { insertEvents } from '../store/insert-events.ts';
import { queriesOf } from '../store/queries.ts';
import { saveShed } from '../store/shed-ranges.ts';
import type { Database } from '../store/store.ts';
import { databaseTest, ENGINES } from '../store/testing/database-test.ts';
import { buildApi } from './build-api.ts';
import { listen } from './listen.ts';
import type { Route } from './route.ts';
import { getGateway } from './routes/get-gateway.ts';
import { getParcel } from './routes/get-parcel.ts';
import { getVehicle } from './routes/get-vehicle.ts';
import { listGateways } from './routes/list-gateways.ts';
import { listParcelEvents } from './routes/list-parcel-events.ts';
import { listVehiclePositions } from './routes/list-vehicle-positions.ts';
import { fakeQueries } from './testing/fake-queries.ts';

const NOON_MS = Date.UTC(2026, 10, 23, 12);
const SSCC = '340123450000000017';
const SILENT = pino({ level: 'silent' });

const scanAt = (eventTimeMs: number, fields: Partial<ScanEvent> = {}): ScanEvent => ({
  kind: 'scan',
  deviceId: 'ring-1',
  eventTimeMs,
  receiveTimeMs: eventTimeMs + 500,
  timeQuality: 'device',
  data: `(00)${SSCC}`,
  parcelId: SSCC,
  ...fields,
});

const positionAt = (eventTimeMs: number, fields: Partial<PositionEvent> = {}): PositionEvent => ({
  kind: 'position',
  deviceId: 'truck-1',
  eventTimeMs,
  receiveTimeMs: eventTimeMs + 500,
  timeQuality: 'device',
  lat: 52.5,
  lon: 13.4,
  ...fields,
});

/** The events as the next of a journal, all of it applied and complete until noon. */
async function apply(
  db: Database,
  events: readonly Event[],
  fields: Partial<EpochState> = {},
): Promise<void> {
  const { gateway = 'gw-1', epoch = 'e1' } = fields;
  await db.transaction(async (tx) => {
    const [state] = await lockEpochs(tx, [{ gateway, epoch, site: 'berlin' }]);
    if (state === undefined) return;
    const first = state.accounted.max + 1;
    await insertEvents(
      tx,
      events.map((event, i) => ({ gateway, epoch, seq: first + i, event })),
    );
    if (events.length > 0) state.accounted.add(first, first + events.length - 1);
    const headSeq = state.accounted.max;
    const told = { headSeq, received: headSeq, stored: headSeq, completeUntilMs: NOON_MS };
    await saveEpochs(tx, [
      { ...state, ...told, claim: { seq: headSeq + 1, timeMs: NOON_MS }, ...fields },
    ]);
  });
}

/** The answer of a route, which is as its schema says. */
async function get<T>(db: Database, url: string, { answer }: Route): Promise<T> {
  const api = buildApi({ queries: queriesOf(db), probes: {}, log: SILENT });
  try {
    const found = await api.inject(url);
    expect(found.statusCode).toBe(200);
    const schema: z.ZodType = answer;
    return schema.parse(found.json()) as T;
  } finally {
    await api.close();
  }
}

type Page = { readonly items: readonly Item[]; readonly next: string | null };
type Item = { readonly eventId: string; readonly eventTime: string };

describe.each(ENGINES)('the API on %s', (engine) => {
  const check = databaseTest(engine);

  check('a parcel is found by its SSCC, however it is written', async ({ db }) => {
    await apply(db, [
      scanAt(NOON_MS - 2000, { readPoint: 'dock-02' }),
      scanAt(NOON_MS - 1000, { utcOffsetMin: 60, attributes: { weight: '2.5' }, deviceSeq: 7 }),
      scanAt(NOON_MS - 500, { data: 'another', parcelId: 'another' }),
    ]);
    for (const id of [SSCC, `(00)${SSCC}`, `%5DC100${SSCC}`, `%20${SSCC}%20`]) {
      expect(await get(db, `/v1/parcels/${id}`, getParcel)).toEqual({
        parcelId: SSCC,
        firstEventTime: '2026-11-23T11:59:58.000Z',
        lastEventTime: '2026-11-23T11:59:59.000Z',
        eventCount: 2,
        last: {
          eventId: 'gw-1:e1:2',
          kind: 'scan',
          gateway: 'gw-1',
          site: 'berlin',
          deviceId: 'ring-1',
          eventTime: '2026-11-23T11:59:59.000Z',
          timeQuality: 'device',
          utcOffsetMin: 60,
          receiveTime: '2026-11-23T11:59:59.500Z',
          clock: null,
          recordedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u) as unknown,
          data: `(00)${SSCC}`,
          parcelId: SSCC,
          deviceSeq: 7,
          attributes: { weight: '2.5' },
        },
        completeUntil: '2026-11-23T12:00:00.000Z',
        heldBackBy: [],
      });
    }
  });

  check('a parcel is found by whatever its label says', async ({ db }) => {
    for (const parcelId of ['ä 𝄞/?#%&+"\\', 'x'.repeat(128), '../../etc/passwd', '\u001D1']) {
      await apply(db, [scanAt(NOON_MS, { data: parcelId, parcelId })]);
      const found = await get(db, `/v1/parcels/${encodeURIComponent(parcelId)}`, getParcel);
      expect(found).toMatchObject({ parcelId, eventCount: 1 });
    }
  });

  check('a timeline is read page by page, each event once, in order', async ({ db }) => {
    // Many at the same time, from two gateways.
    const times = Array.from({ length: 25 }, (_, i) => NOON_MS - 10_000 + Math.floor(i / 5));
    for (const gateway of ['gw-2', 'gw-1']) {
      await apply(
        db,
        times.map((time) => scanAt(time)),
        { gateway },
      );
    }
    const url = `/v1/parcels/${SSCC}/events`;
    const all = await get<Page>(db, `${url}?limit=1000`, listParcelEvents);
    expect(all.items).toHaveLength(50);
    expect(all.next).toBeNull();
    const paged: Item[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = cursor === '' ? '?limit=7' : `?limit=7&cursor=${cursor}`;
      const page: Page = await get<Page>(db, url + query, listParcelEvents);
      paged.push(...page.items);
      cursor = page.next;
    }
    expect(paged).toStrictEqual(all.items);
    expect(paged.map(({ eventTime }) => eventTime)).toStrictEqual(
      paged.map(({ eventTime }) => eventTime).toSorted(),
    );
  });

  check('pages stay put while events are inserted before and after them', async ({ db }) => {
    await apply(
      db,
      Array.from({ length: 10 }, (_, i) => positionAt(NOON_MS + i * 1000)),
    );
    const url = '/v1/vehicles/truck-1/positions?limit=5';
    const first = await get<Page>(db, url, listVehiclePositions);
    await apply(db, [
      positionAt(NOON_MS - 1),
      positionAt(NOON_MS + 4001),
      positionAt(NOON_MS + 99_000),
    ]);
    const second = await get<Page>(db, `${url}&cursor=${first.next}`, listVehiclePositions);
    const third = await get<Page>(db, `${url}&cursor=${second.next}`, listVehiclePositions);
    const seqs = (page: Page): number[] =>
      page.items.map(({ eventId }) => Number(eventId.split(':')[2]));
    expect(seqs(first)).toStrictEqual([1, 2, 3, 4, 5]);
    expect(seqs(second)).toStrictEqual([12, 6, 7, 8, 9]);
    expect(seqs(third)).toStrictEqual([10, 13]);
    expect(third.next).toBeNull();
  });

  check('a stretch of time takes its start and not its end', async ({ db }) => {
    await apply(
      db,
      Array.from({ length: 10 }, (_, i) => scanAt(NOON_MS + i * 1000)),
    );
    const timesOf = async (query: string): Promise<string[]> =>
      (await get<Page>(db, `/v1/parcels/${SSCC}/events?${query}`, listParcelEvents)).items.map(
        ({ eventTime }) => eventTime.slice(17, 19),
      );
    expect(await timesOf('from=2026-11-23T12:00:07Z')).toStrictEqual(['07', '08', '09']);
    expect(await timesOf('from=2026-11-23T13:00:01%2B01:00&to=2026-11-23T12:00:03Z')).toStrictEqual(
      ['01', '02'],
    );
    expect(await timesOf('from=2026-11-23T13:00:08+01:00')).toStrictEqual(['08', '09']);
    expect(await timesOf('to=2026-11-23')).toStrictEqual([]);
    expect(await timesOf('from=2026-11-23&to=2026-11-24&limit=1')).toStrictEqual(['00']);
    expect(await timesOf('from=2026-11-24&to=2026-11-23')).toStrictEqual([]);
  });

  check(
    'G5 any-order: a vehicle is where its latest position says, not the one that came last',
    async ({ db }) => {
      await apply(db, [positionAt(NOON_MS, { lat: 1 }), positionAt(NOON_MS - 60_000, { lat: 2 })]);
      expect(await get(db, '/v1/vehicles/truck-1', getVehicle)).toMatchObject({
        vehicleId: 'truck-1',
        last: { eventId: 'gw-1:e1:1', lat: 1, lon: 13.4 },
        completeUntil: '2026-11-23T12:00:00.000Z',
        heldBackBy: [],
      });
    },
  );

  check(
    'G10 clock: an event says how its receive time is to be believed, and by how much it was corrected',
    async ({ db }) => {
      const clock = { bootId: '3f2a9c81d04e', monotonicMs: 81_000, trust: 'unset' } as const;
      const correctionMs = 1_795_000_000_000;
      await apply(db, [
        scanAt(NOON_MS, { clock: { ...clock, correctionMs } }),
        positionAt(NOON_MS, { clock: { ...clock, trust: 'synced' } }),
      ]);
      const corrected = { trust: 'unset', correctedMs: correctionMs, bootId: '3f2a9c81d04e' };
      expect(await get(db, `/v1/parcels/${SSCC}/events`, listParcelEvents)).toMatchObject({
        items: [{ receiveTime: '2026-11-23T12:00:00.500Z', clock: corrected }],
      });
      expect(await get(db, '/v1/vehicles/truck-1', getVehicle)).toMatchObject({
        last: { clock: { trust: 'synced', correctedMs: 0, bootId: '3f2a9c81d04e' } },
      });
    },
  );

  check('G12 complete-until: an answer names the gateway that holds it back', async ({ db }) => {
    await apply(db, [scanAt(NOON_MS)]);
    await apply(db, [], { gateway: 'gw-2', completeUntilMs: NOON_MS - 3_600_000 });
    const held = {
      completeUntil: '2026-11-23T11:00:00.000Z',
      heldBackBy: [{ gateway: 'gw-2', site: 'berlin', completeUntil: '2026-11-23T11:00:00.000Z' }],
    };
    expect(await get(db, `/v1/parcels/${SSCC}`, getParcel)).toMatchObject(held);
    expect(await get(db, `/v1/parcels/${SSCC}/events`, listParcelEvents)).toMatchObject(held);
    expect(await get(db, '/v1/vehicles/truck-1/positions', listVehiclePositions)).toMatchObject(
      held,
    );
  });

  check(
    'G4 accounts: a gateway says where its events are, and which are missing',
    async ({ db }) => {
      const accounted = RangeSet.of([
        [1, 4],
        [6, 6],
      ]);
      const told = { accounted, headSeq: 8, received: 11, stored: 6 };
      const shedCounts = { raw: 1 };
      await apply(db, [], {
        ...told,
        shedCounts,
        filtered: { dup: 3 },
        completeUntilMs: undefined,
      });
      await apply(db, [scanAt(NOON_MS)], { epoch: 'e0', claim: { seq: 2, timeMs: NOON_MS - 1 } });
      expect(await get(db, '/v1/gateways/gw-1', getGateway)).toMatchObject({
        gateway: 'gw-1',
        site: 'berlin',
        epoch: 'e1',
        accounts: {
          received: 12,
          delivered: 5,
          filtered: { dup: 3 },
          shed: { raw: 1 },
          pending: 3,
        },
        closed: false,
        headSeq: 8,
        stored: 6,
        applied: 4,
        missing: [
          { first: 5, last: 5 },
          { first: 7, last: 8 },
        ],
        lowWatermark: '2026-11-23T12:00:00.000Z',
        completeUntil: null,
        epochs: [
          { epoch: 'e1', closed: false, accounts: { received: 11, delivered: 4, pending: 3 } },
          {
            epoch: 'e0',
            closed: true,
            accounts: { received: 1, delivered: 1, pending: 0 },
            missing: [],
          },
        ],
      });
    },
  );

  check(
    'G4 accounts: what a gateway gave up and what its disk lost is listed, as far as the limits go',
    async ({ db }) => {
      await apply(db, [], { accounted: RangeSet.of([[1, 5000]]), headSeq: 5000 });
      const thinned = (seq: number): ShedRange => ({ first: seq, last: seq, reason: 'thinned' });
      const lost = [
        { first: 3001, last: 3002, reason: 'damaged' },
        { first: 3004, last: 4000, reason: 'damaged' },
      ];
      const after = Array.from({ length: 1200 }, (_, i) => thinned(2 * i + 1));
      const journal = { gateway: 'gw-1', epoch: 'e1', before: [] };
      await db.transaction((tx) => saveShed(tx, [{ ...journal, after: [...after, ...lost] }]));
      const listed = {
        shedRanges: Array.from({ length: 1000 }, (_, i) => thinned(2 * i + 1)),
        lost,
      };
      const answer = await get(db, '/v1/gateways/gw-1', getGateway);
      expect(answer).toMatchObject({ ...listed, epochs: [listed] });
    },
  );

  check('gateways are listed page by page, by their ids', async ({ db }) => {
    for (const gateway of ['gw-b', 'gw-', 'gw-a', 'g'])
      await apply(db, [scanAt(NOON_MS)], { gateway });
    type Gateways = {
      readonly items: readonly { readonly gateway: string }[];
      readonly next: string | null;
    };
    const first = await get<Gateways>(db, '/v1/gateways?limit=3', listGateways);
    expect(first.items.map(({ gateway }) => gateway)).toStrictEqual(['g', 'gw-', 'gw-a']);
    const second = await get<Gateways>(db, `/v1/gateways?cursor=${first.next}`, listGateways);
    expect(second).toMatchObject({
      items: [
        { gateway: 'gw-b', closed: true, accounts: { received: 1, delivered: 1, pending: 0 } },
      ],
      next: null,
    });
  });
});

describe('what is not quite HTTP', () => {
  /** What a server answers to these bytes. */
  async function send(bytes: string): Promise<string> {
    const api = buildApi({ queries: fakeQueries(), probes: {}, log: SILENT });
    try {
      const port = await listen(api, { host: '127.0.0.1', port: 0 });
      const socket = connect({ port, host: '127.0.0.1' });
      socket.end(bytes);
      return await text(socket);
    } finally {
      await api.close();
    }
  }

  test.each([
    ['garbage', 'hello\r\n\r\n', 400],
    [
      'a header of 20 KB',
      `GET /healthz HTTP/1.1\r\nHost: x\r\nA: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
    ],
    ['a request that ends early', 'GET /healthz HTTP/1.1\r\nHo', 400],
  ])('%s gets a problem and the end of the connection', async (_, bytes, status) => {
    const answer = await send(bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `, 'u'));
    expect(answer).toContain('content-type: application/problem+json');
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({ status });
  });

  test('a request that is one is answered', async () => {
    const answer = await send('GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/u);
    expect(answer).toContain('{"status":"ok"}');
  });
});

test('a port that is in use is an error that names it', async () => {
  await using stack = new AsyncDisposableStack();
  const open = (): ReturnType<typeof buildApi> => {
    const api = buildApi({ queries: fakeQueries(), probes: {}, log: SILENT });
    stack.defer(async () => await api.close());
    return api;
  };
  const port = await listen(open(), { host: '127.0.0.1', port: 0 });
  await expect(listen(open(), { host: '127.0.0.1', port })).rejects.toMatchObject({
    kind: 'stop',
    code: 'port-in-use',
    message: expect.stringContaining(String(port)) as unknown,
  });
});
