/** A journal's writer, killed at random under load, and started again on what it left. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  killWriter,
  problemsAfterKill,
  writerPlace,
} from '../../edge/journal/testing/killed-writer.ts';
import { Seeded } from '../../shared/testing/power-cut/seeded.ts';

export type SoakFigures = {
  readonly seed: number;
  readonly cycles: number;
  readonly settled: number;
  readonly problems: number;
  readonly seconds: number;
};

const APPENDS_MAX = 1500;
const DELAY_MS_MAX = 40;
/** Some segments: the others are applied, and go. */
const KEPT_EVENTS = 4000;
const TOLD_EVERY = 20;

/** Stops at the first cycle that went wrong, and leaves the journal where it is. */
export async function soakJournal({
  cycles,
  seed,
  directory = tmpdir(),
}: {
  readonly cycles: number;
  readonly seed: number;
  readonly directory?: string;
}): Promise<SoakFigures> {
  const chance = new Seeded(seed);
  const path = await mkdtemp(join(directory, 'tally-soak-'));
  const place = writerPlace(path);
  const started = performance.now();
  const seconds = (): number => Math.round((performance.now() - started) / 1000);
  let settled = 0;
  console.log(`seed ${seed}, ${path}`);
  for (let cycle = 1; cycle <= cycles; cycle++) {
    // Often at once, while it opens what the last one left.
    const appends = chance.chance(0.2) ? 0 : chance.below(APPENDS_MAX);
    settled = Math.max(
      settled,
      await killWriter(place, {
        appends,
        delayMs: chance.below(DELAY_MS_MAX) * (appends === 0 ? 20 : 1),
      }),
    );
    const problems = problemsAfterKill(place, settled, KEPT_EVENTS);
    if (problems.length > 0) {
      console.log(`cycle ${cycle}, after ${settled} were settled:\n${problems.join('\n')}`);
      return { seed, cycles: cycle, settled, problems: problems.length, seconds: seconds() };
    }
    if (cycle % TOLD_EVERY === 0)
      console.log(`${cycle} cycles, ${settled} events settled, ${seconds()} s`);
  }
  await rm(path, { recursive: true });
  return { seed, cycles, settled, problems: 0, seconds: seconds() };
}
