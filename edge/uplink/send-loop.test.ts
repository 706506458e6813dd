import { expect, test } from 'vitest';

import { TallyError } from '#shared/errors.ts';
import { manualClock, type ManualClock } from '#shared/testing/manual-clock.ts';

import { SendLoop, type UplinkSettings } from './send-loop.ts';
import type { BatchRequest, Link, OutboundBatch, Receipt, StoredAt } from './uplink.ts';

const SETTINGS: UplinkSettings = {
  gateway: 'gw-1',
  windowBatches: 2,
  batchEventsMax: 10,
  lingerMs: 20,
  heartbeatMs: 5000,
  resendAfterMs: 1000,
  isPast: false,
};

/** A link and a journal made of arrays. `reply` decides what the stream says of a batch. */
class World implements Disposable {
  readonly clock: ManualClock = manualClock();
  readonly published: string[] = [];
  readonly heard: Receipt[] = [];
  readonly applied: (readonly [number, number])[][] = [];
  readonly salvaged: number[] = [];
  headSeq = 0;
  connected = true;
  reply: (batch: OutboundBatch) => Promise<StoredAt> = () =>
    Promise.resolve({ streamSeq: ++this.#streamSeq, duplicate: false });
  #streamSeq = 0;
  #commit: () => void = () => {};
  #greet: () => void = () => {};
  #receive: (receipt: Receipt) => void = () => {};
  make: (request: BatchRequest) => Promise<OutboundBatch> = (request) =>
    Promise.resolve(made(request));
  readonly #stopping = new AbortController();
  readonly loop: SendLoop;
  readonly ended: Promise<void>;

  constructor(settings: Partial<UplinkSettings> = {}) {
    const link: Link = {
      connected: true,
      publish: (batch) => {
        const isHeartbeat = batch.lastSeq < batch.firstSeq;
        this.published.push(isHeartbeat ? 'heartbeat' : `${batch.firstSeq}-${batch.lastSeq}`);
        return this.reply(batch);
      },
      ledger: () => Promise.resolve([]),
      onConnected: (listener) => (this.#greet = listener),
      onReceipt: (listener) => (this.#receive = listener),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
    Object.defineProperty(link, 'connected', { get: () => this.connected });
    this.loop = new SendLoop(
      { ...SETTINGS, ...settings },
      {
        journal: {
          epoch: 'e',
          appliedAtOpen: [],
          accounts: () => ({ received: this.headSeq, filtered: {}, headSeq: this.headSeq }),
          watermark: (timeMs) => ({ seq: this.headSeq + 1, timeMs }),
          setStored: () => {},
          salvage: (seq) => {
            this.salvaged.push(seq);
            return Promise.resolve();
          },
          setApplied: (ranges) => void this.applied.push([...ranges]),
          onCommit: (listener) => (this.#commit = listener),
        },
        boots: () => [],
        maker: {
          make: (request) => this.make(request),
          [Symbol.asyncDispose]: () => Promise.resolve(),
        },
        link,
        clock: this.clock,
        random: () => 0.999,
        events: {
          batchStored: () => {},
          batchRefused: () => {},
          batchUnreadable: () => {},
          receiptApplied: () => {},
          streamBeganAgain: () => {},
        },
      },
    );
    this.ended = this.loop.run(this.#stopping.signal);
  }

  async commit(headSeq: number): Promise<void> {
    this.headSeq = headSeq;
    this.#commit();
    await this.clock.advance(0);
  }

  async connect(): Promise<void> {
    this.connected = true;
    this.#greet();
    await this.clock.advance(0);
  }

  async receive(receipt: Receipt): Promise<void> {
    this.#receive(receipt);
    await this.clock.advance(0);
  }

  [Symbol.dispose](): void {
    this.#stopping.abort();
  }
}

function made({ firstSeq, lastSeq, lane }: BatchRequest): OutboundBatch {
  return { firstSeq, lastSeq, lane, bytes: new Uint8Array() };
}

const events = (published: readonly string[]): string[] =>
  published.filter((each) => each !== 'heartbeat');

test('a batch waits for company as long as it may linger, and not when it is full', async () => {
  using world = new World();
  await world.commit(3);
  expect(events(world.published)).toStrictEqual([]);
  await world.clock.advance(19);
  expect(events(world.published)).toStrictEqual([]);
  await world.clock.advance(1);
  expect(events(world.published)).toStrictEqual(['1-3']);
  await world.commit(14);
  expect(events(world.published)).toStrictEqual(['1-3', '4-13']);
});

test('G7 bounded: no more batches are in flight than the window has', async () => {
  using world = new World();
  const stored: (() => void)[] = [];
  world.reply = () =>
    new Promise((resolve) =>
      stored.push(() => resolve({ streamSeq: stored.length, duplicate: false })),
    );
  await world.commit(100);
  await world.clock.advance(1000);
  expect(events(world.published)).toStrictEqual(['1-10', '11-20']);
  stored[0]?.();
  await world.clock.advance(1);
  expect(events(world.published)).toStrictEqual(['1-10', '11-20', '21-30']);
});

test('G2 no-loss: a batch that the stream does not take is tried again for ever, with growing pauses', async () => {
  using world = new World();
  let refusals = 0;
  world.reply = () => {
    if (refusals++ < 50) return Promise.reject(new TallyError('retry', 'stream-unavailable', 'no'));
    return Promise.resolve({ streamSeq: 1, duplicate: false });
  };
  await world.commit(10);
  await world.clock.advance(100);
  expect(world.published.filter((each) => each === '1-10').length).toBeLessThan(4);
  await world.clock.advance(600_000);
  expect(refusals).toBeGreaterThan(50);
  expect(world.loop.accounts().stored).toBe(10);
});

test('G2 no-loss: what only an operator can mend is still tried again, seldom', async () => {
  using world = new World({ heartbeatMs: 1e9 });
  world.reply = () => Promise.reject(new TallyError('stop', 'stream-mismatch', 'not that stream'));
  await world.commit(10);
  const before = world.published.length;
  await world.clock.advance(61_000);
  expect(world.published.length - before).toBe(2);
});

test('nothing is sent while there is no connection; then a heartbeat asks where the cloud stands, and the backlog drains', async () => {
  using world = new World();
  world.connected = false;
  await world.commit(25);
  await world.clock.advance(60_000);
  expect(world.published).toStrictEqual([]);
  await world.connect();
  await world.clock.advance(100);
  expect(world.published).toStrictEqual(['heartbeat', '1-10', '11-20', '21-25']);
});

test('G12 complete-until: an idle gateway sends a heartbeat at each interval', async () => {
  using world = new World();
  await world.clock.advance(15_100);
  expect(world.published.filter((each) => each === 'heartbeat').length).toBeGreaterThanOrEqual(3);
  expect(world.published.length).toBeLessThanOrEqual(4);
});

test('G2 no-loss: receipts are handed to the journal, and a stream that began again gets everything again that is not applied', async () => {
  using world = new World();
  await world.commit(30);
  await world.clock.advance(100);
  await world.receive({ epoch: 'e', applied: [[1, 10]], incarnation: 'a', streamSeq: 2 });
  expect(world.applied.at(-1)).toStrictEqual([[1, 10]]);
  world.published.length = 0;
  await world.receive({ epoch: 'e', applied: [[1, 10]], incarnation: 'b', streamSeq: 1 });
  await world.clock.advance(100);
  expect(events(world.published)).toStrictEqual(['11-20', '21-30']);
});

test('G3 once: a journal that is an older copy of itself is not used', async () => {
  using world = new World();
  await world.commit(10);
  const ended = world.ended.catch((error: unknown) => error);
  await world.receive({ epoch: 'e', applied: [[1, 11]], incarnation: 'a', streamSeq: 2 });
  expect(await ended).toMatchObject({ kind: 'stop', code: 'journal-unusable' });
  expect(world.applied).toStrictEqual([]);
});

test('G2 no-loss: of a past epoch the cloud may have more than is left of it: it gives no numbers any more', async () => {
  using world = new World({ isPast: true });
  await world.commit(10);
  await world.receive({ epoch: 'e', applied: [[1, 11]], incarnation: 'a', streamSeq: 2 });
  await world.ended;
  expect(world.applied.at(-1)).toStrictEqual([[1, 11]]);
});

test('G2 no-loss: events that cannot be read are asked for again, and the gateway goes on', async () => {
  using world = new World();
  let faults = 3;
  world.make = (request) => {
    if (request.lastSeq < request.firstSeq || faults-- <= 0) return Promise.resolve(made(request));
    return Promise.reject(new TallyError('retry', 'journal-unusable', 'damaged'));
  };
  await world.commit(10);
  await world.clock.advance(100_000);
  expect(events(world.published)).toStrictEqual(['1-10']);
});

test('a batch maker that is gone ends the uplink: it is started anew', async () => {
  using world = new World();
  world.make = () =>
    Promise.reject(new TallyError('stop', 'journal-unusable', 'the encoding thread died'));
  const ended = world.ended.catch((error: unknown) => error);
  await world.commit(10);
  expect(await ended).toMatchObject({ kind: 'stop', message: 'the encoding thread died' });
});
