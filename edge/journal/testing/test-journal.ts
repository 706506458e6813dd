/** A journal for tests: its options, its parts, events to append, and what it holds read back. */
import type { TallyError } from '#shared/errors.ts';
import type { Event } from '#shared/event.ts';

import { fakeGatewayClock, TEST_READING } from '../../clock/testing/fake-gateway-clock.ts';
import { JournalReader } from '../journal-reader.ts';
import type { Journal, JournalEvents, JournalOptions, JournalParts, Stretch } from '../journal.ts';
import type { DamageReport } from '../quarantine.ts';
import { openJournal } from '../threaded-journal.ts';

export function optionsOf(
  directory: string,
  options: Partial<JournalOptions> = {},
): JournalOptions {
  return {
    directory,
    site: 'berlin',
    gateway: 'gw-1',
    bytesMax: 1e9,
    segmentBytesMax: 1e6,
    segmentAgeMaxMs: Number.MAX_SAFE_INTEGER,
    shedding: { telemetryKeepOneIn: 10, custody: false },
    ruleVersion: 'test',
    clock: TEST_READING,
    ...options,
  };
}

/** What a journal told. */
export type Told = {
  readonly damaged: DamageReport[];
  readonly shed: {
    readonly segment: number;
    readonly reason: string;
    readonly bytesFreed: number;
  }[];
  readonly full: boolean[];
};

export function partsOf(): JournalParts & { readonly told: Told } {
  const told: Told = { damaged: [], shed: [], full: [] };
  const events: JournalEvents = {
    journalDamaged: (report) => void told.damaged.push(report),
    journalShed: (what) => void told.shed.push(what),
    journalFull: (isFull) => void told.full.push(isFull),
  };
  return { clock: fakeGatewayClock(), events, told };
}

export async function open(
  directory: string,
  options: Partial<JournalOptions> = {},
): Promise<Journal> {
  return await openJournal(optionsOf(directory, options), partsOf());
}

export function scanOf(deviceSeq: number, padding = 0): Event {
  return {
    kind: 'scan',
    deviceId: 'ring-1',
    eventTimeMs: 1000 + deviceSeq,
    receiveTimeMs: 1000 + deviceSeq,
    timeQuality: 'device',
    data: `P${'x'.repeat(padding)}`,
    parcelId: `P${'x'.repeat(padding)}`,
    deviceSeq,
  };
}

export function append(
  journal: Journal,
  kept: readonly Event[],
  removed: readonly string[] = [],
): Promise<TallyError | undefined> {
  return new Promise((resolve) => journal.append({ kept, removed }, (error) => resolve(error)));
}

export function readStretch(
  directory: string,
  epoch: string,
  firstSeq: number,
  lastSeq: number,
): Stretch {
  using reader = new JournalReader(directory, epoch);
  return reader.read(firstSeq, {
    lastSeq,
    eventsMax: 1_000_000,
    bytesMax: Number.MAX_SAFE_INTEGER,
  });
}

/** The device's own number of each scan. */
export function deviceSeqs({ events }: Pick<Stretch, 'events'>): (number | undefined)[] {
  return events.map((event) => (event.kind === 'scan' ? event.deviceSeq : undefined));
}
