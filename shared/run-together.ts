/** Something that runs until it is told to stop. */
export type Running = { run(signal: AbortSignal): Promise<void> };

/**
 * Runs all until the signal aborts. When one ends or rejects, the others are stopped too; when all have ended,
 * rejects with what the first that rejected rejected with.
 */
export async function runTogether(all: readonly Running[], signal: AbortSignal): Promise<void> {
  const ended = new AbortController();
  const stopping = AbortSignal.any([signal, ended.signal]);
  const errors: unknown[] = [];
  const runOne = async (one: Running): Promise<void> => {
    try {
      await one.run(stopping);
    } catch (error) {
      errors.push(error);
    }
    ended.abort();
  };
  await Promise.all(all.map(runOne));
  if (errors.length > 0) throw errors[0];
}
