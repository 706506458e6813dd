/** Asks the journal how it stands, every few seconds, and makes the document of what is known. */
import { TallyError } from '#shared/errors.ts';

import type { ClockReading, GatewayClock } from '../clock/clock.ts';
import type { ExternalBroker, Ingest } from '../ingest/ingest.ts';
import type { EpochStats, Journal, JournalStats } from '../journal/journal.ts';
import type { EventWatch } from './event-watch.ts';
import { FlowMeter } from './flow-meter.ts';
import { problemsOf } from './problems.ts';
import { printable, type Status } from './status.ts';

export type BoardParts = {
  readonly site: string;
  readonly gateway: string;
  readonly version: string;
  readonly clock: GatewayClock;
  readonly journal: Pick<Journal, 'stats'>;
  readonly ingest: Pick<Ingest, 'counts'>;
  readonly brokers: readonly Pick<ExternalBroker, 'name' | 'state' | 'counts'>[];
  readonly watch: EventWatch;
};

const SAMPLE_MS = 5000;
/** What is younger is served as it is. */
const FRESH_MS = 1000;
/** How long whoever asks waits for the journal. */
const PATIENCE_MS = 2000;
/** A wall clock before 2025 was not set, and neither was what it stamped. */
const SET_SINCE_MS = Date.UTC(2025, 0, 1);
/** As many as a person reads; there is rarely a second one. */
const EPOCHS_MAX = 32;

type Sample = { readonly stats: JournalStats; readonly atMs: number };

export class StatusBoard {
  readonly #parts: BoardParts;
  readonly #flow = new FlowMeter();
  readonly #startedMs: number;
  #sample: Sample | undefined;
  #first: Sample | undefined;
  #sampling: Promise<void> | undefined;
  #unsetSinceMs: number | undefined;

  constructor(parts: BoardParts) {
    this.#parts = parts;
    this.#startedMs = parts.clock.monotonic();
  }

  /** Samples until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#parts;
    while (!signal.aborted) {
      await this.#within(this.#takeSample(), SAMPLE_MS, signal);
      await clock.sleep(SAMPLE_MS, signal);
    }
  }

  /** As of now, or where the journal does not answer as of when it last did; `undefined` before it ever did. */
  async status(): Promise<Status | undefined> {
    const ageMs = this.#parts.clock.monotonic() - (this.#sample?.atMs ?? Number.NEGATIVE_INFINITY);
    if (ageMs > FRESH_MS) await this.#within(this.#takeSample(), PATIENCE_MS);
    return this.#sample === undefined ? undefined : this.#document(this.#sample);
  }

  /** One at a time, however many ask. */
  async #takeSample(): Promise<void> {
    this.#sampling ??= this.#ask().finally(() => (this.#sampling = undefined));
    await this.#sampling;
  }

  async #ask(): Promise<void> {
    const { clock, journal } = this.#parts;
    let stats: JournalStats;
    try {
      stats = await journal.stats();
    } catch (error) {
      // The journal failed, and the gateway ends with its error.
      if (error instanceof TallyError) return;
      throw error;
    }
    this.#sample = { stats, atMs: clock.monotonic() };
    this.#first ??= this.#sample;
    this.#flow.add(stats, this.#sample.atMs);
    this.#noteClock(clock.reading());
  }

  #noteClock({ trust }: ClockReading): void {
    this.#unsetSinceMs =
      trust === 'unset' ? (this.#unsetSinceMs ?? this.#parts.clock.monotonic()) : undefined;
  }

  async #within(work: Promise<void>, ms: number, signal?: AbortSignal): Promise<void> {
    const enough = new AbortController();
    const ends = signal === undefined ? enough.signal : AbortSignal.any([enough.signal, signal]);
    await Promise.race([work, this.#parts.clock.sleep(ms, ends)]);
    enough.abort();
  }

  #document({ stats, atMs }: Sample): Status {
    const { site, gateway, version, clock, ingest, brokers } = this.#parts;
    const now = clock.monotonic();
    const uptimeS = secondsFrom(this.#startedMs, now);
    const { messages, refused, delivery, ...counts } = ingest.counts();
    const rest = {
      journal: this.#journal(stats, secondsFrom(atMs, now)),
      flow: this.#flow.flow(),
      link: this.#link(now),
    };
    return {
      site,
      gateway,
      version,
      pid: process.pid,
      startedAt: new Date(clock.now() - uptimeS * MS_PER_S).toISOString(),
      uptimeS,
      clock: { now: new Date(clock.now()).toISOString(), ...clock.reading() },
      ...rest,
      commits: this.#commits(stats),
      ingest: {
        ...counts,
        messages: [...messages],
        refused: { ...refused },
        delivery: { ...delivery },
      },
      brokers: brokers.map(brokerOf),
      problems: this.#problems(rest, now),
    };
  }

  #journal(stats: JournalStats, ageS: number): Status['journal'] {
    const { bytes, bytesMax, segments, isReserveSetAside, classes, epochs } = stats;
    return {
      ageS,
      bytes,
      bytesMax,
      segments,
      isReserveSetAside,
      classes,
      oldestPendingAgeS: this.#ageS(stats.oldestPendingMs),
      epochs: epochs.slice(-EPOCHS_MAX).map(epochOf),
    };
  }

  /** G10: nothing is concluded from a time that was stamped, or would be read, by a clock that is not set. */
  #ageS(sinceMs: number | undefined): number | null {
    const { clock } = this.#parts;
    if (sinceMs === undefined || sinceMs < SET_SINCE_MS || clock.reading().trust === 'unset')
      return null;
    return secondsFrom(sinceMs, clock.now());
  }

  #link(now: number): Status['link'] {
    const { connected, connectedChangedMs, lastLinkError } = this.#parts.watch.watched;
    return {
      connected,
      forS: secondsFrom(connectedChangedMs, now),
      lastError:
        lastLinkError === undefined
          ? null
          : {
              reason: printable(lastLinkError.reason),
              agoS: secondsFrom(lastLinkError.atMs, now),
            },
    };
  }

  #commits({ commits }: JournalStats): Status['commits'] {
    // What was written before, the reserve for one, is not the events' doing.
    const before = this.#first?.stats.commits ?? commits;
    const events = commits.events - before.events;
    const written = commits.bytesWritten - before.bytesWritten;
    return {
      commits: commits.commits,
      events: commits.events,
      msP50: commits.commitMsP50,
      msP99: commits.commitMsP99,
      flashBytesPerEvent: events > 0 && written > 0 ? written / events : null,
    };
  }

  #problems(
    { journal, flow, link }: Pick<Status, 'journal' | 'flow' | 'link'>,
    now: number,
  ): Status['problems'] {
    const { fullReason, shedMs, damages, refusedReason, unreadableReason } =
      this.#parts.watch.watched;
    const ago = (ms: number | undefined): number | undefined =>
      ms === undefined ? undefined : secondsFrom(ms, now);
    const problems = problemsOf({
      journal,
      timeToFullS: flow.timeToFullS,
      link,
      clockUnsetForS: ago(this.#unsetSinceMs),
      fullReason,
      shedAgoS: ago(shedMs),
      damages,
      refusedReason,
      unreadableReason,
    });
    return problems.map((each) => ({ ...each, message: printable(each.message) }));
  }
}

const MS_PER_S = 1000;

function secondsFrom(fromMs: number, toMs: number): number {
  return Math.max(0, toMs - fromMs) / MS_PER_S;
}

function brokerOf(broker: BoardParts['brokers'][number]): Status['brokers'][number] {
  const { unsettled, messages, withheld, refused } = broker.counts();
  return {
    name: broker.name,
    state: broker.state(),
    unsettled,
    messages: [...messages],
    withheld,
    refused: { ...refused },
  };
}

function epochOf(stats: EpochStats): Status['journal']['epochs'][number] {
  const { epoch, isCurrent, received, filtered, headSeq, applied, stored, pending } = stats;
  return {
    epoch,
    isCurrent,
    received,
    filtered,
    headSeq,
    // The state may know of more than the journal ever had, where it was put back to an older copy.
    applied: Math.min(applied, headSeq - pending),
    stored,
    pending,
    shed: { ...stats.shed },
    shedRanges: [...stats.shedRanges],
  };
}
