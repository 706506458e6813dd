import { expect, test } from 'vitest';

import { type Running, runTogether } from './run-together.ts';

/** Runs until it is stopped, and notes that it was. */
function untilStopped(stopped: string[], name: string): Running {
  return {
    run: (signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          stopped.push(name);
          resolve();
        });
      }),
  };
}

test('all run until the signal aborts', async () => {
  const stopped: string[] = [];
  const stopping = new AbortController();
  const running = runTogether(
    [untilStopped(stopped, 'a'), untilStopped(stopped, 'b')],
    stopping.signal,
  );
  expect(stopped).toStrictEqual([]);
  stopping.abort();
  await running;
  expect(stopped).toStrictEqual(['a', 'b']);
});

test('when one rejects, the others are stopped first, and then its error is told', async () => {
  const stopped: string[] = [];
  const broken = { run: () => Promise.reject(new Error('broken')) };
  const running = runTogether([untilStopped(stopped, 'a'), broken], new AbortController().signal);
  await expect(running).rejects.toThrow('broken');
  expect(stopped).toStrictEqual(['a']);
});
