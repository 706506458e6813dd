import type { EventClass } from '#shared/event-class.ts';
import type { Event } from '#shared/event.ts';

import { compileRules, type RuleParts } from './compile-rules.ts';
import type { FiltersConfig } from './filter-config.ts';
import type { Filter, Judgement } from './filter.ts';
import { Output } from './output.ts';
import type { Emit, Rule } from './rule.ts';

/** The filter that a config asks for. */
export function createFilter(rules: FiltersConfig, parts: RuleParts = {}): Filter {
  return new RuleFilter(compileRules(rules, parts));
}

/** A rule, and where it puts what it makes. */
type Step = { readonly rule: Rule; readonly emit: Emit };

const NONE: readonly string[] = [];
/** Events that rules made and the disk did not take. */
const UNSAVED_MAX = 10_000;

/**
 * Takes events through rules, in the order of the rules: the first that removes an event is counted for it. What a rule makes
 * goes through the later ones only, and stands before the event that it was made upon.
 *
 * Where nothing is removed, changed or made, which is so for most messages, the events go on as they came, and nothing is
 * built for them.
 */
export class RuleFilter implements Filter {
  readonly #steps: readonly Step[];
  /** What the rules made and gave away, with its class: nobody sends that again where it is not saved. */
  readonly #made = new WeakMap<Event, { readonly eventClass: EventClass | undefined }>();
  readonly #unsaved: Event[] = [];
  #nowMs = Number.NEGATIVE_INFINITY;
  /** The gateway's wall clock less the monotonic one, as the last event had it. */
  #offsetMs: number | undefined;

  // Of the call that is going on:
  #events: readonly Event[] = [];
  #position = 0;
  #output: Output | undefined;
  /** Of the event that came through the rules last. */
  #class: EventClass | undefined;
  /** The rule that removed the event which was removed last. */
  #remover = '';

  constructor(rules: readonly Rule[]) {
    this.#steps = rules.map((rule, i) => ({ rule, emit: (event) => this.#emit(event, i + 1) }));
  }

  judge(events: readonly Event[], monotonicMs: number): Judgement {
    this.#begin(events, monotonicMs);
    for (let i = 0; i < events.length; i++) {
      const event = events[i];
      if (event === undefined) continue;
      this.#position = i;
      this.#offsetMs = event.receiveTimeMs - monotonicMs;
      const kept = this.#through(event, 0);
      const isAsItCame = kept === event && this.#class === undefined;
      if (!isAsItCame || this.#output !== undefined) this.#put(kept);
    }
    return this.#end() ?? { kept: events, removed: NONE };
  }

  tick(monotonicMs: number): Judgement | undefined {
    this.#begin([], monotonicMs);
    this.#emitUnsaved();
    for (const { rule, emit } of this.#steps) rule.action.tick?.(this.#nowMs, emit);
    return this.#end();
  }

  /** In the order of the rules: what one makes, a later one may hold. */
  flush(monotonicMs: number): Judgement | undefined {
    this.#begin([], monotonicMs);
    this.#emitUnsaved();
    for (const { rule, emit } of this.#steps) rule.action.flush?.(this.#nowMs, emit);
    return this.#end();
  }

  remember(event: Event, monotonicMs: number): void {
    if (event.kind === 'raw') return;
    this.#offsetMs ??= event.receiveTimeMs - monotonicMs;
    for (const { rule } of this.#steps)
      if (rule.matches(event)) rule.action.remember?.(event, monotonicMs);
  }

  forget(events: readonly Event[]): void {
    for (const event of events) {
      if (event.kind === 'raw') continue;
      if (!this.#made.has(event)) {
        for (const { rule } of this.#steps) if (rule.matches(event)) rule.action.forget?.(event);
      } else if (this.#unsaved.length < UNSAVED_MAX) {
        this.#unsaved.push(event);
      }
    }
  }

  #begin(events: readonly Event[], monotonicMs: number): void {
    // No window goes back, whatever a caller says.
    if (monotonicMs > this.#nowMs) this.#nowMs = monotonicMs;
    this.#events = events;
    this.#position = 0;
  }

  #end(): Judgement | undefined {
    const output = this.#output;
    this.#output = undefined;
    this.#events = [];
    return output?.judgement();
  }

  /** The event behind the rules from that one on; `undefined`: `#remover` removed it. */
  #through(event: Event, from: number): Event | undefined {
    let current = event;
    let eventClass: EventClass | undefined;
    for (let i = event.kind === 'raw' ? this.#steps.length : from; i < this.#steps.length; i++) {
      const step = this.#steps[i];
      if (step === undefined || !step.rule.matches(current)) continue;
      const { action, name } = step.rule;
      const next = action.judge(current, this.#nowMs, step.emit);
      if (next === undefined) {
        this.#remover = name;
        return undefined;
      }
      current = next;
      if (action.classOf !== undefined)
        eventClass = action.classOf(current, this.#nowMs) ?? eventClass;
    }
    this.#class = eventClass;
    return current;
  }

  #emit(event: Event, from: number): void {
    const kept = this.#through(this.#dated(event), from);
    if (kept !== undefined) this.#made.set(kept, { eventClass: this.#class });
    this.#put(kept);
  }

  #emitUnsaved(): void {
    for (const event of this.#unsaved.splice(0))
      this.#openOutput().keep(event, this.#made.get(event)?.eventClass);
  }

  #put(kept: Event | undefined): void {
    const output = this.#openOutput();
    if (kept === undefined) output.remove(this.#remover);
    else output.keep(kept, this.#class);
  }

  /** Begins with the first event that does not go as it came; those before it do. */
  #openOutput(): Output {
    this.#output ??= new Output(this.#events.slice(0, this.#position));
    return this.#output;
  }

  /**
   * A made event is taken by the gateway now, whenever the last of what it tells of was: nothing may come that is older than
   * what was sent (G12). When that was is then no longer the receive time, as it is where a device gives none.
   */
  #dated(made: Event): Event {
    const { clock: _clock, ...event } = made;
    return {
      ...event,
      timeQuality: event.timeQuality === 'receive' ? 'device' : event.timeQuality,
      receiveTimeMs: Math.max(0, Math.round(this.#nowMs + (this.#offsetMs ?? 0))),
    };
  }
}
