/** Events a second through the consolidator, decoded, applied and acknowledged, into a real database. */
import { encodeBatch } from '#proto/batch/encode.ts';
import { systemClock } from '#shared/clock.ts';
import type { Event } from '#shared/event.ts';
import { ingestSubject } from '#shared/names.ts';
import { startPostgres } from '#shared/testing/postgres.ts';
import { tempDir } from '#shared/testing/temp-dir.ts';

import { Consolidator } from '../../cloud/consolidate/consolidator.ts';
import { openDatabase } from '../../cloud/store/open-database.ts';
import { readModel } from '../../cloud/store/read-model.ts';
import type { Database } from '../../cloud/store/store.ts';
import { memoryStreams } from '../../cloud/streams/memory-streams.fixture.ts';
import { readMixEvents, REFERENCE_MIX } from './mix.ts';
import { cut } from './wire.ts';

export type ConsolidateFigures = {
  readonly pglite: { readonly eventsPerSecond: number };
  readonly postgres: { readonly eventsPerSecond: number } | null;
};

const BATCH_EVENTS = 1000;
const MESSAGES_MAX = 32;
const MS_PER_S = 1000;

export async function benchConsolidate(count: number): Promise<ConsolidateFigures> {
  const encoded = await batches(count);
  await using dir = await tempDir('bench-pglite');
  const pglite = await measure('PGlite', encoded, await openDatabase({ directory: dir.path }));
  await using server = await startPostgres();
  if (server === null) {
    console.log('PostgreSQL: no server is installed');
    return { pglite, postgres: null };
  }
  const url = await server.createDatabase('bench');
  return {
    pglite,
    postgres: await measure('PostgreSQL', encoded, await openDatabase({ url })),
  };
}

/** The mix over and over, each time later than before. */
async function batches(count: number): Promise<Uint8Array[]> {
  const mix = await readMixEvents(REFERENCE_MIX);
  const first = mix[0]?.receiveTimeMs ?? 0;
  const spanMs = (mix.at(-1)?.receiveTimeMs ?? 0) - first + MS_PER_S;
  const events = Array.from({ length: Math.ceil(count / mix.length) }, (_, round) =>
    mix.map((event): Event => later(event, round * spanMs)),
  ).flat();
  return cut(events.slice(0, count), BATCH_EVENTS).map(encodeBatch);
}

function later(event: Event, ms: number): Event {
  return { ...event, eventTimeMs: event.eventTimeMs + ms, receiveTimeMs: event.receiveTimeMs + ms };
}

async function measure(
  name: string,
  encoded: readonly Uint8Array[],
  database: Database,
): Promise<{ eventsPerSecond: number }> {
  await using db = database;
  // The first tenth is for the database and the compiler to get warm.
  const warm = Math.ceil(encoded.length / 10);
  await consolidate(db, encoded, { from: 0, to: warm });
  const start = performance.now();
  await consolidate(db, encoded, { from: warm, to: encoded.length });
  const seconds = (performance.now() - start) / MS_PER_S;
  const events = (encoded.length - warm) * BATCH_EVENTS;
  console.log(`${name}: ${events} events in ${seconds.toFixed(1)} s`);
  return { eventsPerSecond: Math.round(events / seconds) };
}

async function consolidate(
  db: Database,
  encoded: readonly Uint8Array[],
  { from, to }: { from: number; to: number },
): Promise<void> {
  const stopping = new AbortController();
  const subject = ingestSubject('berlin-01', 'gw-berlin-01');
  const messages = encoded
    .slice(from, to)
    .map((data, i) => ({ subject, data, streamSeq: from + i + 1 }));
  const streams = memoryStreams(messages, (count) => {
    if (count === messages.length) stopping.abort();
  });
  const consolidator = new Consolidator({
    db,
    readModel,
    streams,
    clock: systemClock,
    random: Math.random,
    events: { applied: () => {}, poisoned: fail, waiting: fail },
    messagesMax: MESSAGES_MAX,
  });
  await consolidator.run(stopping.signal);
}

function fail(...facts: unknown[]): never {
  throw new Error(`the consolidator stumbled: ${facts.join(' ')}`);
}
