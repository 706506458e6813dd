import { TallyError } from '#shared/errors.ts';

/** Runs what a person may interrupt: Ctrl-C once ends it in good order, and says that the same command goes on. */
export async function runInterruptibly<T>(main: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    return await main(stopping.signal);
  } catch (cause) {
    if (!stopping.signal.aborted) throw cause;
    throw new TallyError('stop', 'interrupted', 'interrupted. The same command goes on from here', {
      cause,
    });
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}
