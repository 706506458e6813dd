/**
 * `npm run check`: everything that can be said about the project without running it. All steps run, whatever
 * fails; the outputs of those that failed and one table come at the end. The exit code is 1 when any failed.
 */
import { fileURLToPath } from 'node:url';

import { describe } from '#shared/errors.ts';

import { breakingStep, generatedStep } from './check/schema-steps.ts';
import { commandStep, type Step, type StepResult } from './check/step.ts';
import { formatTable, type Row } from './check/table.ts';
import { tidyStep } from './check/tidy-step.ts';

const cwd = fileURLToPath(new URL('..', import.meta.url));

const steps: readonly Step[] = [
  commandStep('format', ['oxfmt', '--check'], { cwd, problem: /^\S+\.\w+ \(/u }),
  commandStep('lint', ['oxlint', '--deny-warnings'], { cwd, problem: /^ +[x!×⚠] /u }),
  commandStep('types', ['tsc', '--noEmit', '--pretty', 'false'], { cwd, problem: /error TS/u }),
  commandStep('unused', ['knip', '--no-progress'], { cwd, problem: /\.\w+(?::\d|\s*$)/u }),
  commandStep('schema', ['buf', 'lint'], { cwd }),
  breakingStep(cwd),
  generatedStep(cwd),
  tidyStep(cwd),
];

const rows: Row[] = [];
for (const step of steps) {
  const started = performance.now();
  const result = await step.run().catch(brokenStep);
  if (!result.ok) console.log(`${step.name} failed:\n\n${result.output.trimEnd()}\n`);
  const seconds = (performance.now() - started) / 1000;
  rows.push({ step: step.name, ok: result.ok, seconds, note: result.note });
}
console.log(formatTable(rows, process.stdout.isTTY));
if (rows.some(({ ok }) => !ok)) process.exitCode = 1;

function brokenStep(error: unknown): StepResult {
  return { ok: false, output: `${describe(error)}\n`, note: describe(error) };
}
