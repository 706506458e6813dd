/** Disks and limits that are full: what is refused, what goes in which order, and what stays. */
import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { CLASS_OF, type EventClass } from '#shared/event-class.ts';
import { must } from '#shared/assert.ts';
import { TallyError } from '#shared/errors.ts';
import type { Event } from '#shared/event.ts';
import type { ShedReason } from '#shared/shed.ts';
import { Seeded } from '#shared/testing/power-cut/seeded.ts';
import { memoryDir } from '#shared/testing/temp-dir.ts';
import { until } from '#shared/testing/until.ts';

import { listSegments } from './segment-file.ts';
import { readSegmentImage } from './segment-image.ts';
import type { Segments } from './segments.ts';
import { isOutOfRoom } from './sqlite.ts';
import { appendTo, judge, Ledger, openSegments } from './testing/ledger.ts';
import { MixedEvents } from './testing/mixed-events.ts';
import { bytesBelow, mountSmallDisk } from './testing/small-disk.ts';
import { append, optionsOf, partsOf, scanOf, type Told } from './testing/test-journal.ts';
import { openJournal } from './threaded-journal.ts';

const MEBIBYTE = 1024 * 1024;
const DISK_BYTES = 24 * MEBIBYTE;
const LIMITS = { bytesMax: 3 * MEBIBYTE, segmentBytesMax: 256 * 1024 } as const;
/** So that what is left of each segment is worth going for. */
const KEEP_ONE_IN = 3;
const GROUP = 25;
const MIXED_GROUPS = 150;
const SCAN_GROUPS = 500;

/** What is given up, what is worth least first. */
const ORDER: readonly string[] = ['stored', 'thinned', 'telemetry', 'status', 'raw', 'custody'];
const REASONS_OF: Readonly<Record<EventClass, readonly ShedReason[]>> = {
  telemetry: ['stored', 'thinned', 'telemetry'],
  status: ['stored', 'status'],
  raw: ['stored', 'raw'],
  custody: ['stored', 'custody'],
};

/** As they come, but none so short that a segment has too little of its class to be thinned for. */
function bulky(event: Event): Event {
  return { ...event, attributes: { note: 'x'.repeat(150) } };
}

/** Whether it was acknowledged; where it was not, there was no room, and nothing has changed. */
function tryAppend(segments: Segments, ledger: Ledger, events: readonly Event[]): boolean {
  const { headSeq } = segments.current;
  try {
    appendTo(segments, ledger, events);
    return true;
  } catch (error) {
    const isFull = error instanceof TallyError && error.code === 'journal-full';
    if (!isFull && !isOutOfRoom(error)) throw error;
    expect(segments.current.headSeq).toBe(headSeq);
    return false;
  }
}

/** Leaves the directory as a kill -9 would: the process has to end in good order, its files need not. */
function kill(segments: Segments, directory: string, scratch: string): void {
  cpSync(directory, scratch, { recursive: true });
  segments[Symbol.dispose]();
  rmSync(directory, { recursive: true });
  cpSync(scratch, directory, { recursive: true });
  rmSync(scratch, { recursive: true });
}

/** Every number that was given up, with a reason that its event can go for. */
function expectReasons(
  segments: Segments,
  directory: string,
  ledger: Ledger,
): Map<number, ShedReason> {
  const all = new Map<number, ShedReason>();
  for (const [epoch, shed] of judge(segments, directory, ledger)) {
    for (const [seq, reason] of shed) {
      const event = ledger.of(epoch).events[seq - 1];
      expect(REASONS_OF[CLASS_OF[event?.kind ?? 'scan']]).toContain(reason);
      all.set(seq, reason);
    }
  }
  return all;
}

/** Holds the order in which segments are thinned against what was promised. */
class OrderJudge {
  readonly #directory: string;
  readonly #told: Told;
  readonly #levels = new Map<number, number>();
  #seen = 0;

  constructor(directory: string, told: Told) {
    this.#directory = directory;
    this.#told = told;
  }

  /** After each commit: which segment went too far before an older one had. */
  look(): string[] {
    const sealed = listSegments(this.#directory).slice(0, -1);
    const fresh = this.#told.shed.slice(this.#seen);
    this.#seen = this.#told.shed.length;
    return fresh.flatMap(({ segment, reason }) => {
      const level = ORDER.indexOf(reason);
      this.#levels.set(segment, reason === 'stored' ? ORDER.length : level);
      if (reason === 'stored') return [];
      return sealed
        .filter(({ number }) => number < segment && (this.#levels.get(number) ?? 0) < level)
        .map(({ number }) => `${segment} goes for ${reason} before ${number}`);
    });
  }
}

test('G1 durable-ack, G2 no-loss, G7 bounded: on a disk that something else fills, events are refused or make room, draining goes on, a kill -9 costs nothing, and with room again it goes on', async ({
  skip,
}) => {
  await using dir = await memoryDir('full');
  const mounted = mountSmallDisk(join(dir.path, 'disk'), DISK_BYTES);
  if (typeof mounted === 'string') {
    skip(mounted);
    return;
  }
  using disk = mounted;
  const directory = join(disk.path, 'journal');
  const options = { bytesMax: 12 * MEBIBYTE, segmentBytesMax: 256 * 1024 };
  const [ledger, events] = [new Ledger(), new MixedEvents(new Seeded(1))];
  let { segments } = openSegments(directory, options);
  const { epoch } = segments.current;
  const reopen = (): void => void ({ segments } = openSegments(directory, options));
  const load = (groups: number, next: () => Event): number => {
    let refused = 0;
    for (let i = 0; i < groups; i++) {
      const group = Array.from({ length: GROUP }, next);
      if (!tryAppend(segments, ledger, group)) refused++;
      expect(bytesBelow(directory)).toBeLessThanOrEqual(options.bytesMax);
    }
    return refused;
  };
  const drain = (last: number): void => {
    ledger.of(epoch).applied.add(1, last);
    segments.setApplied(epoch, [[1, last]]);
  };
  const scan = (): Event => events.next('scan');
  expect(load(300, () => bulky(events.next()))).toBe(0);
  disk.fill();
  // What may go makes room first; then all that is left are scans, and they are refused.
  await until('refused scans', () => load(20, scan) > 0);
  expectReasons(segments, directory, ledger);
  const before = readdirSync(directory).length;
  drain(2000);
  expect(readdirSync(directory).length).toBeLessThan(before);
  disk.fill();
  kill(segments, directory, join(dir.path, 'scratch'));
  disk.fill();
  reopen();
  expectReasons(segments, directory, ledger);
  drain(4000);
  disk.fill();
  load(20, scan);
  expectReasons(segments, directory, ledger);
  disk.free();
  expect(load(100, () => bulky(events.next()))).toBe(0);
  drain(5000);
  expect(segments.stats().isReserveSetAside).toBe(true);
  expectReasons(segments, directory, ledger);
  segments[Symbol.dispose]();
});

test('G7 bounded: the alarm of a full disk is raised once, and taken back once', async ({
  skip,
}) => {
  await using dir = await memoryDir('full');
  const mounted = mountSmallDisk(join(dir.path, 'disk'), DISK_BYTES);
  if (typeof mounted === 'string') {
    skip(mounted);
    return;
  }
  using disk = mounted;
  const parts = partsOf();
  await using journal = await openJournal(optionsOf(join(disk.path, 'journal')), parts);
  expect(await append(journal, [scanOf(1)])).toBeUndefined();
  disk.fill();
  for (let i = 2, error: unknown; error === undefined; i++)
    error = await append(journal, [scanOf(i, 20_000)]);
  expect(await append(journal, [scanOf(0, 200_000)])).toMatchObject({
    kind: 'retry',
    code: 'journal-full',
  });
  expect(parts.told.full).toStrictEqual([true]);
  disk.free();
  expect(await append(journal, [scanOf(0)])).toBeUndefined();
  expect(parts.told.full).toStrictEqual([true, false]);
});

test.each([
  {
    custody: false,
    name: 'G7 bounded: telemetry is thinned, then it goes, then status, then raw; every number that went says why; scans stay and are refused at last',
  },
  {
    custody: true,
    name: 'G7 bounded: where custody may go it goes last, and nothing is refused',
  },
])('$name', async ({ custody }) => {
  await using dir = await memoryDir('limit');
  const shedding = { telemetryKeepOneIn: KEEP_ONE_IN, custody };
  const [ledger, events] = [new Ledger(), new MixedEvents(new Seeded(2))];
  const { segments, told } = openSegments(dir.path, { ...LIMITS, shedding });
  const order = new OrderJudge(dir.path, told);
  const load = (next: () => Event): boolean => {
    const isTaken = tryAppend(segments, ledger, Array.from({ length: GROUP }, next));
    expect(bytesBelow(dir.path)).toBeLessThanOrEqual(LIMITS.bytesMax);
    expect(order.look()).toStrictEqual([]);
    return isTaken;
  };
  try {
    while (told.shed.length === 0) expect(load(() => bulky(events.next()))).toBe(true);
    expectThinned(segments, dir.path, ledger);
    for (let i = 0; i < MIXED_GROUPS; i++) expect(load(() => bulky(events.next()))).toBe(true);
    let scans = 0;
    while (scans < SCAN_GROUPS && load(() => events.next('scan'))) scans++;
    expect(scans === SCAN_GROUPS).toBe(custody);
    const shed = expectReasons(segments, dir.path, ledger);
    expect([...new Set(shed.values())].includes('custody')).toBe(custody);
    expect(new Set(told.shed.map(({ reason }) => reason))).toStrictEqual(
      new Set(ORDER.slice(1, custody ? undefined : -1)),
    );
    const { epoch, headSeq } = segments.current;
    ledger.of(epoch).applied.add(1, headSeq);
    segments.setApplied(epoch, [[1, headSeq]]);
    // The newest sealed segment stays: it remembers what a device may send again.
    expect(listSegments(dir.path).length).toBeLessThanOrEqual(2);
    expect(load(() => events.next('scan'))).toBe(true);
    expectReasons(segments, dir.path, ledger);
  } finally {
    segments[Symbol.dispose]();
  }
});

/** Of the oldest segment, the first telemetry of each device and every so many after it. */
function expectThinned(segments: Segments, directory: string, ledger: Ledger): void {
  const { epoch } = segments.current;
  const shed = judge(segments, directory, ledger).get(epoch);
  const last = Math.max(...(shed?.keys() ?? []));
  expect(new Set(shed?.values())).toStrictEqual(new Set(['thinned']));
  const counts = new Map<string, number>();
  for (const [i, event] of ledger.of(epoch).events.slice(0, last).entries()) {
    const isTelemetry = CLASS_OF[event.kind] === 'telemetry';
    const count = counts.get(event.deviceId) ?? 0;
    if (isTelemetry) counts.set(event.deviceId, count + 1);
    expect(shed?.has(i + 1), `${i + 1}`).toBe(isTelemetry && count % KEEP_ONE_IN !== 0);
  }
}

test('G7 bounded: what JetStream has goes before anything is shed', async () => {
  await using dir = await memoryDir('limit');
  const [ledger, events] = [new Ledger(), new MixedEvents(new Seeded(3))];
  const { segments, told } = openSegments(dir.path, LIMITS);
  try {
    while (bytesBelow(dir.path) < LIMITS.bytesMax * 0.8)
      appendTo(segments, ledger, events.take(GROUP));
    const { epoch, headSeq } = segments.current;
    const open = must(listSegments(dir.path).at(-1), 'the open segment');
    const sealed = must(readSegmentImage(dir.path, open).header, 'its header').firstSeq - 1;
    segments.setStored(epoch, [[1, headSeq]]);
    while (!told.shed.some(({ reason }) => reason !== 'stored')) {
      appendTo(segments, ledger, events.take(GROUP));
      expect(bytesBelow(dir.path)).toBeLessThanOrEqual(LIMITS.bytesMax);
    }
    const shed = expectReasons(segments, dir.path, ledger);
    // What shares a segment with what came afterwards is not stored as a whole.
    for (const [seq, reason] of shed) expect(reason === 'stored', `${seq}`).toBe(seq <= sealed);
    expect([...shed.values()].filter((reason) => reason === 'stored')).toHaveLength(sealed);
  } finally {
    segments[Symbol.dispose]();
  }
});
