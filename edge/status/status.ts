/**
 * Status: the gateway's word on itself, for a person (`tally edge status`) and for Prometheus.
 *
 * ```
 *   journal.stats()  ─┐                       ┌─► GET /status    the document below, as JSON
 *   ingest, clock    ─┼─► samples ─► document ┤
 *   events           ─┘                       └─► GET /metrics   the same, as Prometheus reads it
 * ```
 *
 * Promises
 * - G4 accounts: of every epoch, received = filtered + applied + pending, and all of it is of one moment. What was shed is
 *   told by reason and is not a term of the sum: a tombstone is pending and then applied like the event it stands for.
 * - G7 bounded: two routes, few connections, no request with a body. The journal is asked about once a second at most,
 *   however often the routes are. Where it does not answer, what it said last is served, with its age.
 * - G10 clock: rates, ages of the link and times to come are measured with the monotonic clock. The wall clock is told,
 *   with how far it is to be believed; an age that would come of a clock that is not set is `null`.
 * - G11 isolation: on loopback only, and only to a request that names a loopback host: no web page reads it.
 * - Never in the way: it only reads. Where its port is taken, that is logged and the gateway goes on without.
 *
 * The document is read back by another process, perhaps of another version: fields are added, and none changes its
 * meaning. Whoever reads it parses it with `statusSchema`, because anybody on the machine can listen on a port.
 */
import { z } from 'zod';

import { CLOCK_TRUSTS } from '#shared/event.ts';
import { idSchema } from '#shared/config.ts';

import { BROKER_STATES } from '../ingest/ingest.ts';
import type { JournalStats } from '../journal/journal.ts';

/** Where the routes are. */
export const STATUS_PATH = '/status';
/** For Prometheus. */
export const METRICS_PATH = '/metrics';

/** Of least worth first. */
export const CLASSES = [
  'telemetry',
  'status',
  'raw',
  'custody',
] as const satisfies readonly (keyof JournalStats['classes'])[];

/** What needs a person, and what that person does. */
export const PROBLEMS = {
  'journal-full': 'bring the link back or raise journal.bytesMax; until then devices get no PUBACK',
  'journal-shedding': 'bring the link back or raise journal.bytesMax; what was shed is gone',
  'journal-filling': 'bring the link back or raise journal.bytesMax, before events are shed',
  'journal-damaged': 'look at the reports in quarantine/ of the journal, and test the disk',
  'journal-unreadable': 'test the disk: events stand in the journal that cannot be read',
  'journal-silent': 'test the disk: the journal does not answer, and a commit may hang',
  'link-down': 'check the network, the addresses in uplink.servers, and that NATS runs there',
  'stream-refuses': 'check the stream TALLY_INGEST: its name, its limits, whether it is sealed',
  'clock-unset': 'set the clock, or bring back its time server; order does not depend on it',
} as const;

/** A key of `PROBLEMS`. */
export type ProblemCode = keyof typeof PROBLEMS;

const TEXT_CHARACTERS_MAX = 300;
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

/** Words of somebody else, as they may be shown on a terminal: one line, not too long, nothing that steers it. */
export function printable(text: string): string {
  const line = text.replaceAll(UNPRINTABLE, ' ').trim();
  return line.length > TEXT_CHARACTERS_MAX ? `${line.slice(0, TEXT_CHARACTERS_MAX - 1)}…` : line;
}

const text = z.string().max(10_000).transform(printable);
const count = z.int().min(0);
const amount = z.number().min(0);
const counts = z.record(z.string().regex(/^[\w-]{1,64}$/u), count);
const pendingOfClass = z.object({ events: count, bytes: count });
const rate = z.object({ eventsPerS: amount, bytesPerS: amount });

/** The document. Durations are seconds; `null` is "there is none" or "not known". */
export const statusSchema = z.object({
  site: idSchema,
  gateway: idSchema,
  version: text,
  pid: count,
  /** By the clock as it stands now. */
  startedAt: z.iso.datetime(),
  uptimeS: amount,
  clock: z.object({
    now: z.iso.datetime(),
    bootId: text,
    trust: z.enum(CLOCK_TRUSTS),
    /** Wall clock less the time since the boot. */
    offsetMs: z.int(),
  }),
  journal: z.object({
    /** How old this part and `flow` are. */
    ageS: amount,
    /** All files below its directory, and the most they may take. */
    bytes: count,
    bytesMax: count,
    segments: count,
    /** Whether the room for thinning a segment is set aside on the disk. */
    isReserveSetAside: z.boolean(),
    /** Pending, by class. */
    classes: z.object({
      telemetry: pendingOfClass,
      status: pendingOfClass,
      raw: pendingOfClass,
      custody: pendingOfClass,
    }),
    /** About: by the place of that event in its segment. */
    oldestPendingAgeS: amount.nullable(),
    /** The current one last. */
    epochs: z.array(
      z.object({
        epoch: text,
        isCurrent: z.boolean(),
        received: count,
        /** By rule. */
        filtered: counts,
        headSeq: count,
        applied: count,
        /** In JetStream and not applied; part of `pending`. */
        stored: count,
        pending: count,
        /** By reason; `damaged` is what the disk lost. */
        shed: counts,
        /** Which they are, of segments that are still there: the first of them. */
        shedRanges: z.array(z.object({ first: count, last: count, reason: text })).max(1000),
      }),
    ),
  }),
  /** About the last minute (`flow-meter.ts`). */
  flow: z.object({
    in: rate,
    out: rate,
    /** `null` where the journal does not grow, or not for a year. */
    timeToFullS: amount.nullable(),
    /** `null` where what is pending does not shrink, or not for a year. */
    timeToDrainedS: amount.nullable(),
  }),
  link: z.object({
    connected: z.boolean(),
    /** How long it has been so. */
    forS: amount,
    lastError: z.object({ reason: text, agoS: amount }).nullable(),
  }),
  /** Since the start; the latencies are of the last thousand or so. */
  commits: z.object({
    commits: count,
    events: count,
    msP50: amount,
    msP99: amount,
    /** What the kernel says this process sent to the disk, for each event that was kept. */
    flashBytesPerEvent: amount.nullable(),
  }),
  /** Since the start, but for the first two. */
  ingest: z.object({
    connections: count,
    unsettled: count,
    /** By QoS. */
    messages: z.tuple([count, count, count]),
    withheld: count,
    refused: counts,
    /** What goes to subscribers: the first four of this moment, the others since the start. */
    delivery: z.object({
      sessions: count,
      subscriptions: count,
      retained: count,
      heldBytes: count,
      sent: count,
      dropped: count,
      notRetained: count,
    }),
  }),
  /** The depot's own brokers, as the config names them. */
  brokers: z
    .array(
      z.object({
        name: idSchema,
        state: z.enum(BROKER_STATES),
        unsettled: count,
        /** By QoS. */
        messages: z.tuple([count, count, count]),
        withheld: count,
        refused: counts,
      }),
    )
    .max(64)
    // Of a gateway that is older than they are.
    .default([]),
  /** What needs a person, worst first. */
  problems: z.array(z.object({ code: text, message: text, next: text })),
});

/** How the gateway stands. */
export type Status = z.infer<typeof statusSchema>;

/** What the status tells of itself. */
export type StatusEvents = {
  /** Its port cannot be listened on, or its server failed; the gateway goes on without. */
  statusUnavailable(error: unknown): void;
};
