import { configDefaults, defineConfig } from 'vitest/config';

/** Tests with real servers and real crashes take their time; all others must be quick. */
const SYSTEM_TESTS = '**/*.{e2e,crash}.test.ts';

export default defineConfig({
  test: {
    // Processes, not threads: tests load native modules and start servers.
    pool: 'forks',
    // V8 loses count of its code pages where threads with WebAssembly come and go (nodejs/node#64500): a check that ends the
    // process, which this flag leaves out.
    execArgv: ['--no-memory-protection-keys'],
    maxWorkers: 2,
    fileParallelism: true,
    // A test's name is a sentence, to be read and asked for whole.
    taskTitleValueFormatTruncate: 0,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: [...configDefaults.exclude, SYSTEM_TESTS],
          testTimeout: 20_000,
          hookTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'system',
          include: [SYSTEM_TESTS],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
