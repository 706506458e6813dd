/** How a long-running command lives and ends: signals and exit codes belong to the mains, and this is their share. */
import { describe, TallyError } from './errors.ts';

/** What is still open this long after the signal was sent is not waited for. */
const FORCED_EXIT_MS = 8000;

/**
 * Runs `main` until it returns, or until SIGINT or SIGTERM, or the end of the parent that holds our channel,
 * aborts its signal. A `TallyError` is printed as its message; the exit code is 0 after a clean end, else 1.
 */
export async function runUntilStopped(main: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const stopping = new AbortController();
  const stop = (): void => {
    stopping.abort();
    setTimeout(() => process.exit(1), FORCED_EXIT_MS).unref();
  };
  for (const event of ['SIGINT', 'SIGTERM', 'disconnect'] as const) process.once(event, stop);
  // The channel alone is no reason to stay.
  process.channel?.unref();
  try {
    await main(stopping.signal);
  } catch (error) {
    process.exitCode = 1;
    process.stderr.write(`${error instanceof TallyError ? error.message : stackOf(error)}\n`);
    // Something may still be held open by what failed: give it a moment, no more.
    setTimeout(() => process.exit(1), FORCED_EXIT_MS).unref();
  }
  if (process.connected) process.disconnect();
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? describe(error)) : describe(error);
}

