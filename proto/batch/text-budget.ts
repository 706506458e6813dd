import { overLimit } from './malformed.ts';

/** How much text a batch may still unfold to: a few bytes of columns can name megabytes (G7). */
export class TextBudget {
  #left: number;

  constructor(unitsMax: number) {
    this.#left = unitsMax;
  }

  /** Takes `units` UTF-16 units or throws. */
  take(units: number, column: string): void {
    this.#left -= units;
    if (this.#left < 0) throw overLimit(column, 'more text than a batch may hold');
  }
}
