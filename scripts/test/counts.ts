import type { TestModule } from 'vitest/node';

export type Counts = { readonly passed: number; readonly failed: number; readonly skipped: number };

/**
 * A file that failed without a failed test (it did not load, a hook threw) counts as one failure, and so does
 * each error that no test caught: a run with either is never "0 failed".
 */
export function countResults(
  modules: readonly TestModule[],
  unhandledErrors: readonly unknown[],
): Counts {
  const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
  for (const module of modules) {
    let failedInModule = 0;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === 'passed') counts.passed += 1;
      else if (state === 'skipped') counts.skipped += 1;
      else failedInModule += 1;
    }
    if (failedInModule === 0 && !module.ok()) failedInModule = 1;
    counts.failed += failedInModule;
  }
  return counts;
}

export function formatCounts({ passed, failed, skipped }: Counts): string {
  const line = `${passed} passed, ${failed} failed`;
  return skipped === 0 ? line : `${line}, ${skipped} skipped`;
}
