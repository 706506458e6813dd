/**
 * `npm test [-- <vitest arguments>]`: every test, with real servers. The last line of the output is
 * `N passed, N failed`, with `, N skipped` where there are any; the exit code is 0 when none failed.
 */
import { parseCLI, startVitest } from 'vitest/node';

import { describe } from '#shared/errors.ts';
import { defaultCacheDir, findNatsServer } from '#shared/nats-server.ts';

import { countResults, formatCounts } from './test/counts.ts';

try {
  // Fetched once here, so that no test waits for the network.
  await findNatsServer({
    path: process.env['PATH'] ?? '',
    cacheDir: process.env['NATS_SERVER_CACHE'] ?? defaultCacheDir(),
    log: console.log,
  });
  await runTests(process.argv.slice(2));
} catch (error) {
  console.error(describe(error));
  process.exitCode = 1;
}

async function runTests(args: string[]): Promise<void> {
  const { filter, options } = parseCLI(['vitest', 'run', ...args]);
  const vitest = await startVitest('test', filter, options);
  const counts = countResults(vitest.state.getTestModules(), vitest.state.getUnhandledErrors());
  await vitest.close();
  if (counts.failed > 0) process.exitCode = 1;
  console.log(formatCounts(counts));
}
