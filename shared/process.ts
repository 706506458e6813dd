/** How a long-running command lives and ends: signals and exit codes belong to the mains, and this is their share. */
/** What is still open this long after the signal was sent is not waited for. */
const FORCED_EXIT_MS = 8000;

/**
 * Runs `main` until it returns; SIGINT, SIGTERM or the end of the parent that holds our channel abort its signal.
 * Rejects with what `main` rejects with.
 */
export async function runUntilStopped(main: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const stopping = new AbortController();
  for (const event of ['SIGINT', 'SIGTERM', 'disconnect'] as const) {
    process.once(event, () => {
      stopping.abort();
      forceExitLater();
    });
  }
  // The channel alone is no reason to stay.
  process.channel?.unref();
  try {
    await main(stopping.signal);
  } catch (error) {
    forceExitLater();
    throw error;
  }
}

/** Something may still be held open by what hangs or failed: it is given a while, no more. */
function forceExitLater(): void {
  setTimeout(() => process.exit(1), FORCED_EXIT_MS).unref();
}
