/**
 * What a message goes through by the site's config, decode and filter, and how that is changed while messages flow: between
 * two messages, all at once (G9).
 */
import type { Clock } from '#shared/clock.ts';
import type { Event } from '#shared/event.ts';

import type { Decode } from './decode/decode.ts';
import type { Filter, Judgement } from './filter/filter.ts';
import type { Journal } from './journal/journal.ts';

/** The stages of one config. */
export type RuleSet = AsyncDisposable & {
  /** Names the filter's rules: it stands with the events that came through them. */
  readonly version: string;
  readonly decode: Decode;
  readonly filter: Filter;
};

export type LiveRulesParts = {
  readonly clock: Clock;
  readonly journal: Pick<Journal, 'append' | 'setRules'>;
  /** What the journal holds of late: a filter that begins goes on from it. */
  readonly recent: () => Iterable<{ readonly event: Event; readonly monotonicMs: number }>;
};

/** How often the rules hear that time passes. */
const TICK_MS = 250;

/**
 * Disposing of it stops the clock's ticks and keeps what rules still held back; the journal must be open until then, and
 * nobody may ask it any more.
 */
export class LiveRules implements AsyncDisposable {
  readonly #parts: LiveRulesParts;
  readonly #stopping = new AbortController();
  readonly #ticking: Promise<void>;
  #current: RuleSet;

  constructor(rules: RuleSet, parts: LiveRulesParts) {
    this.#parts = parts;
    this.#current = rules;
    this.#remember(rules.filter);
    this.#ticking = this.#tick();
  }

  readonly decode: Decode = (message) => this.#current.decode(message);

  judge(events: readonly Event[], monotonicMs: number): Judgement {
    return this.#current.filter.judge(events, monotonicMs);
  }

  forget(events: readonly Event[]): void {
    this.#current.filter.forget(events);
  }

  /** From the next message on; what the old rules held back is kept first. */
  async replace(rules: RuleSet): Promise<void> {
    const old = this.#current;
    const nowMs = this.#parts.clock.monotonic();
    const heldBack = old.filter.flush(nowMs);
    this.#keep(heldBack);
    this.#remember(rules.filter);
    // It is not on the disk yet: what has left is not to leave again by the new rules.
    for (const event of heldBack?.kept ?? []) rules.filter.remember(event, nowMs);
    this.#current = rules;
    this.#parts.journal.setRules(rules.version);
    // Messages that its mappings are busy with are answered first.
    await old[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    await this.#ticking;
    await this.#current[Symbol.asyncDispose]();
    this.#keep(this.#current.filter.flush(this.#parts.clock.monotonic()));
  }

  #remember(filter: Filter): void {
    for (const { event, monotonicMs } of this.#parts.recent()) filter.remember(event, monotonicMs);
  }

  /** Nobody waits for an acknowledgement of what rules make: where it cannot be stored, they make it again. */
  #keep(judgement: Judgement | undefined): void {
    if (judgement === undefined) return;
    this.#parts.journal.append(judgement, (error) => {
      if (error !== undefined) this.#current.filter.forget(judgement.kept);
    });
  }

  async #tick(): Promise<void> {
    const { clock } = this.#parts;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await clock.sleep(TICK_MS, signal);
      if (!signal.aborted) this.#keep(this.#current.filter.tick(clock.monotonic()));
    }
  }
}
