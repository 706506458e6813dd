/** Pauses between tries: they double from `firstMs` to `maxMs`, each shortened by up to half at random. */
export type BackoffOptions = {
  readonly firstMs: number;
  readonly maxMs: number;
  /** 0 up to but not including 1. */
  readonly random: () => number;
};

/** The pause before try `attempt` (1 is the first try that is not the first), in milliseconds. */
export function backoffMs(attempt: number, { firstMs, maxMs, random }: BackoffOptions): number {
  const full = Math.min(maxMs, firstMs * 2 ** Math.min(attempt - 1, 30));
  return full * (0.5 + random() / 2);
}
