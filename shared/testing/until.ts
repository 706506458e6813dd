/** Waiting for a condition instead of sleeping and hoping. */
import { setTimeout as sleep } from 'node:timers/promises';

import { describe } from '../errors.ts';

type Absent = false | 0 | '' | null | undefined;

export type UntilOptions = {
  /** How long to wait before giving up. Default 10 s. */
  readonly timeoutMs?: number;
  /** How long to wait between two looks. Default 20 ms. */
  readonly intervalMs?: number;
};

/**
 * Looks until `look` gives something truthy, and returns that. A look that throws counts as "not yet".
 * Past the deadline it rejects with `waited … ms for <what>` and what the last look gave or threw.
 */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  { timeoutMs = 10_000, intervalMs = 20 }: UntilOptions = {},
): Promise<Exclude<T, Absent>> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    let seen: string;
    let cause: unknown;
    try {
      const value = await look();
      if (isPresent(value)) return value;
      seen = `the last look gave ${String(value)}`;
    } catch (error) {
      cause = error;
      seen = `the last look failed: ${describe(error)}`;
    }
    if (performance.now() >= deadline) {
      throw new Error(`waited ${timeoutMs} ms for ${what}; ${seen}`, { cause });
    }
    await sleep(intervalMs);
  }
}

function isPresent<T>(value: T): value is Exclude<T, Absent> {
  return Boolean(value);
}
