/**
 * The fields of a vendor's object, taken one by one. What nobody took, or was not what it should be, is left, so that
 * it can be kept as it came: a format says what it knows, and loses nothing of the rest.
 */
import { isObject, type JsonObject } from './fields.ts';
import type { Observation } from './observation.ts';
import { numberOf, textOf, truthOf, wholeOf } from './values.ts';

const NONE: ReadonlySet<string> = new Set();

export class TakenFields {
  readonly object: JsonObject;
  readonly #taken = new Set<string>();

  /** What is no object has no fields. */
  constructor(object: unknown) {
    this.object = isObject(object) ? object : {};
  }

  /** The field as it is, taken or not; it is not taken by this. */
  peek(name: string): unknown {
    return Object.hasOwn(this.object, name) ? (this.object[name] ?? undefined) : undefined;
  }

  /** The field as it is, like all below, if it was not taken yet. */
  any(name: string): unknown {
    return this.#take(name, this.#left(name));
  }

  number(name: string, min: number, max: number): number | undefined {
    return this.#take(name, numberOf(this.#left(name), min, max));
  }

  whole(name: string, min: number, max: number): number | undefined {
    return this.#take(name, wholeOf(this.#left(name), min, max));
  }

  text(name: string): string | undefined {
    return this.#take(name, textOf(this.#left(name)));
  }

  truth(name: string): boolean | undefined {
    return this.#take(name, truthOf(this.#left(name)));
  }

  /** The fields of an object within. */
  within(name: string): TakenFields {
    const value = this.peek(name);
    if (isObject(value)) this.#taken.add(name);
    return new TakenFields(value);
  }

  /** Takes those that are one of `values`, also as text: what the vendor writes for "not known" or "as ever". */
  drop(names: readonly string[], values: readonly unknown[]): this {
    for (const name of names) {
      const value = this.peek(name);
      const number = numberOf(value, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
      if (values.includes(value) || values.includes(number)) this.#taken.add(name);
    }
    return this;
  }

  /** Takes them whatever they are. */
  dropAll(names: readonly string[]): this {
    for (const name of names) this.#taken.add(name);
    return this;
  }

  /** Names and values of what is left; `null` is nothing. */
  *left(): Generator<readonly [name: string, value: unknown]> {
    for (const name of Object.keys(this.object)) {
      const value = this.peek(name);
      if (value !== undefined && !this.#taken.has(name)) yield [name, value];
    }
  }

  /** Keeps what is left as attributes, those of objects within as `<name>.<field>`. */
  keepLeft(observation: Observation, prefix = ''): void {
    observation.keepOthers(Object.fromEntries(this.left()), NONE, prefix);
  }

  /** Each is taken once: what was dropped is not there. */
  #left(name: string): unknown {
    return this.#taken.has(name) ? undefined : this.peek(name);
  }

  #take<T>(name: string, value: T | undefined): T | undefined {
    if (value !== undefined) this.#taken.add(name);
    return value;
  }
}
