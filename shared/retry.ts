import { backoffMs, type BackoffOptions } from './backoff.ts';
import type { Clock } from './clock.ts';
import { TallyError } from './errors.ts';

export type RetryOptions = BackoffOptions & {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onRetry: (error: TallyError, retryMs: number) => void;
};

/**
 * What `attempt` resolves with, tried again while it rejects with a `TallyError` of kind `retry`.
 * `undefined` when the signal aborts first; rejects with any other error.
 */
export async function retry<T>(
  attempt: () => Promise<T>,
  options: RetryOptions,
): Promise<T | undefined> {
  for (let tries = 1; !options.signal.aborted; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof TallyError) || error.kind !== 'retry') throw error;
      const retryMs = error.retryAfterMs ?? backoffMs(tries, options);
      options.onRetry(error, retryMs);
      await options.clock.sleep(retryMs, options.signal);
    }
  }
  return undefined;
}
