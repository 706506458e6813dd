/** What the writing process had promised, by what it said: see `journal-writer.fixture.ts`. */
import type { Operation } from '#shared/testing/power-cut/recording.ts';

export class Promises {
  /** The highest number that was acknowledged. */
  settled = 0;
  /** The highest number that it had told to be applied. */
  applied = 0;

  hear(operation: Operation): void {
    if (operation.kind !== 'said') return;
    for (const line of operation.text.trim().split('\n')) {
      const [, isApplied, number = ''] = /^(applied )?(\d+)$/u.exec(line) ?? [];
      if (number === '') throw new RangeError(`the writer said "${line}"`);
      if (isApplied === undefined) this.settled = Math.max(this.settled, Number(number));
      else this.applied = Math.max(this.applied, Number(number));
    }
  }
}
