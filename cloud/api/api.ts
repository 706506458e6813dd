/**
 * The HTTP API: what the read model knows, for programs.
 *
 * Promises
 * - G12 complete-until: every answer about a parcel or a vehicle says until when it is complete and which
 *   gateways hold it back, also the answer that there is none. Completeness is read first and the events after
 *   it, so an answer never claims more than it has.
 * - G4 accounts: the answer about a gateway says where each of its events is, and names what is missing, what was
 *   given up and what was lost.
 * - G10 clock: an event says how far its receive time is to be believed and by how much it was corrected, or that
 *   the gateway did not tell.
 * - Lists are `{"items": […], "next": cursor|null}`. A cursor names the last item, not a number: what is inserted
 *   meanwhile makes no item come twice or go missing.
 * - Every error is Problem Details (RFC 9457) and says what was expected; a fault of ours says nothing of how we
 *   are made.
 * - G7 bounded: size of the URL, the headers, the body and the answer, time for a request and for its answer,
 *   number of connections.
 * - `/openapi.json` is made of the same schemas that questions are checked against.
 */
import type { ShedRange } from '#proto/batch/batch.ts';
import type { Event, PositionEvent, ScanEvent } from '#shared/event.ts';
import type { Logger } from '#shared/logger.ts';
import type { Range } from '#shared/ranges.ts';

/** What the API is made of. */
export type ApiOptions = {
  readonly queries: Queries;
  /** What `/readyz` asks besides the database, by name: whether that part of the process does its work. */
  readonly probes: Readonly<Record<string, () => boolean>>;
  readonly log: Logger;
};

/** What the API takes and gives at most (G7). */
export const LIMITS = {
  urlLengthMax: 4096,
  headerBytesMax: 16 * 1024,
  /** No request needs a body. */
  bodyBytesMax: 16 * 1024,
  connectionsMax: 1024,
  /** For the client to send its request. */
  requestTimeoutMs: 10_000,
  /** For us to answer it. */
  answerTimeoutMs: 30_000,
  /** UTF-16 units of a parcel's identifier. */
  parcelIdLengthMax: 128,
  pageItemsMax: 1000,
  /** Missing ranges that are listed of an epoch. */
  missingMax: 1000,
  /** Shed ranges that are listed of an epoch; and of what was lost, as many again. */
  shedRangesMax: 1000,
} as const;

/**
 * What the API asks of the read model. Each answers from what is committed when it is asked, and rejects with
 * `database-unavailable` when the database is away.
 */
export type Queries = {
  /** Resolves when the database answers. */
  ping(): Promise<void>;
  /** How complete the read model is at least. It only grows: ask this first, and for events after it (G12). */
  completeness(): Promise<Completeness>;
  /** Undefined when it was never scanned. */
  parcel(parcelId: string): Promise<Parcel | undefined>;
  parcelEvents(parcelId: string, stretch: Stretch): Promise<StoredEvent<ScanEvent>[]>;
  /** Where the vehicle was last; undefined when it never told. */
  lastPosition(vehicleId: string): Promise<StoredEvent<PositionEvent> | undefined>;
  positions(vehicleId: string, stretch: Stretch): Promise<StoredEvent<PositionEvent>[]>;
  /** Undefined when nothing was heard of it. */
  gateway(gateway: string): Promise<Gateway<FullEpoch> | undefined>;
  /** In the order of their ids, those after `after`. */
  gateways(page: {
    readonly after?: string | undefined;
    readonly limit: number;
  }): Promise<Gateway[]>;
};

/** Until when answers are complete, and why not longer. */
export type Completeness = {
  /**
   * Every event that a gateway received before this is in the read model, or was shed; null while there is a
   * gateway of which that cannot be said of any time, or no gateway at all. The least over the gateways.
   */
  readonly completeUntilMs: number | null;
  /** The gateways that are more than 15 s behind the one that is furthest; the furthest behind first, at most 100. */
  readonly heldBackBy: readonly {
    readonly gateway: string;
    readonly site: string;
    readonly completeUntilMs: number | null;
  }[];
};

/** What is known of a parcel. */
export type Parcel = {
  /** Order times of its first and its last event. */
  readonly firstTimeMs: number;
  readonly lastTimeMs: number;
  readonly eventCount: number;
  readonly last: StoredEvent<ScanEvent>;
};

/** An event as it was stored. */
export type StoredEvent<E extends Event = Event> = {
  readonly gateway: string;
  readonly epoch: string;
  readonly seq: number;
  /** Of the gateway; absent when its epoch is not known. */
  readonly site?: string;
  /** When it was written to the read model. */
  readonly recordedAtMs: number;
  readonly event: E;
};

/** Where an event stands in a timeline, whose order is this, field by field (G5). */
export type Place = {
  readonly orderTimeMs: number;
  readonly gateway: string;
  readonly epoch: string;
  readonly seq: number;
};

/** A stretch of a timeline, oldest first. */
export type Stretch = {
  /** Order time, included. */
  readonly fromMs?: number | undefined;
  /** Order time, not included. */
  readonly toMs?: number | undefined;
  /** Only what stands after this. */
  readonly after?: Place | undefined;
  readonly limit: number;
};

/** A gateway, over all its epochs. */
export type Gateway<Epoch extends GatewayEpoch = GatewayEpoch> = {
  readonly gateway: string;
  /** Of the current epoch. */
  readonly site: string;
  /** The current epoch: the one with the newest claim. */
  readonly epoch: string;
  readonly accounts: Accounts;
  /** As of `Completeness`, this gateway alone. */
  readonly completeUntilMs: number | null;
  /** The current one first, then by newest claim. */
  readonly epochs: readonly Epoch[];
};

/** One journal of a gateway. */
export type GatewayEpoch = {
  readonly epoch: string;
  readonly site: string;
  readonly accounts: Accounts;
  /** The highest sequence number heard of. */
  readonly headSeq: number;
  /** Events that the gateway knows a JetStream has, as it last told. */
  readonly stored: number;
  /** 1 to this are delivered or shed. */
  readonly accountedTo: number;
  /** Up to `headSeq`, neither delivered nor shed; ascending. */
  readonly missing: readonly Range[];
  /** The time of its newest claim; null before the first. */
  readonly lowWatermarkMs: number | null;
  readonly completeUntilMs: number | null;
  readonly firstHeardMs: number;
  readonly lastHeardMs: number;
};

/** A journal, and which of its events are not in the read model and never will be, but for what turns up after all. */
export type FullEpoch = GatewayEpoch & {
  /** The first `shedRangesMax`, of all reasons; ascending. */
  readonly shedRanges: readonly ShedRange[];
  /** The first `shedRangesMax` of those that the disk lost, which may be beyond the ones above; ascending. */
  readonly lost: readonly ShedRange[];
};

/** Where the events are (G4): received = delivered + filtered + shed + pending, once the gateway has told all. */
export type Accounts = {
  /** Events that came out of decode, as the gateway last told. */
  readonly received: number;
  /** Events in the read model. */
  readonly delivered: number;
  /** Events that a rule removed, by the rule, as the gateway last told. */
  readonly filtered: Readonly<Record<string, number>>;
  /** Events that the gateway gave up or lost and that are not in the read model, by the reason (`shared/shed.ts`). */
  readonly shed: Readonly<Record<string, number>>;
  /** Events heard of that are neither delivered nor shed. */
  readonly pending: number;
};
