/** `tally replay salvage`: a clean journal out of a damaged one. */
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

import { Command } from 'commander';

import { systemClock } from '#shared/clock.ts';
import { TallyError } from '#shared/errors.ts';
import { makeDirectory } from '#shared/make-directory.ts';
import type { Range } from '#shared/ranges.ts';

import { readJournalImage } from '../journal/journal-image.ts';
import { salvageJournal, type SalvageReport } from '../journal/salvage-journal.ts';
import { isOutOfRoom } from '../journal/sqlite.ts';
import { countText, print, printJson, printProblems, rangesText } from './output.ts';
import { startProgress } from './progress.ts';
import { EXIT_FINDINGS } from './replay.ts';

type SalvageOptions = { readonly out: string; readonly json?: boolean };

const REPORT_FILE = 'salvage-report.json';

export function salvageCommand(): Command {
  return new Command('salvage')
    .description(
      'write a clean journal of all that is whole in a damaged one, and say what is lost',
    )
    .argument('<JOURNAL>', 'the journal directory; it is only read')
    .requiredOption('--out <DIR>', 'where the clean journal goes: a new or an empty directory')
    .option('--json', 'for a program: the report as one JSON document')
    .addHelpText(
      'after',
      `
What cannot be read stands in the clean journal as a gap with the reason "damaged". Keep the damaged one: this
program learns, and another copy may have what this one lost.

Example:
  tally replay salvage /mnt/card/tally-edge/journal --out rescued`,
    )
    .action((directory: string, options: SalvageOptions) => salvage(directory, options));
}

function salvage(directory: string, { out, json }: SalvageOptions): void {
  assertApart(directory, out);
  using progress = startProgress({
    what: 'salvaging',
    unit: 'segments',
    total: readJournalImage(directory).segments.length,
    quiet: json === true,
  });
  const report = orNoRoom(out, () =>
    salvageJournal(directory, out, {
      nowMs: systemClock.now(),
      onSegment: (done, events) => progress.update(done, `${countText(events)} events`),
    }),
  );
  progress[Symbol.dispose]();
  writeFileSync(join(out, REPORT_FILE), `${JSON.stringify(report, undefined, 2)}\n`);
  if (hasLost(report)) process.exitCode = EXIT_FINDINGS;
  if (json === true) printJson(report);
  else printReport(report, out);
}

function orNoRoom<T>(out: string, write: () => T): T {
  try {
    return write();
  } catch (cause) {
    if (!isOutOfRoom(cause)) throw cause;
    throw new TallyError(
      'stop',
      'disk-full',
      `${out}: the disk is full. A clean journal takes as much room as the damaged one: remove ${out}, and name a larger disk`,
      { cause },
    );
  }
}

/** The source is never written to, and nothing that is there is overwritten. */
function assertApart(directory: string, out: string): void {
  const below = relative(resolve(directory), resolve(out));
  if (below === '' || !below.startsWith('..'))
    throw new TallyError(
      'stop',
      'not-a-journal',
      `--out ${out} is inside the journal: name a directory elsewhere`,
    );
  const found = statSync(out, { throwIfNoEntry: false });
  if (found === undefined) {
    makeDirectory(out);
    return;
  }
  if (!found.isDirectory() || readdirSync(out).length > 0)
    throw new TallyError(
      'stop',
      'not-a-journal',
      `--out ${out} is not empty: name a new directory`,
    );
}

function hasLost({ epochs }: SalvageReport): boolean {
  return epochs.some(({ lost }) => lost.length > 0);
}

function printReport(report: SalvageReport, out: string): void {
  for (const { epoch, events, lost } of report.epochs) {
    print(`${epoch}: ${countText(events)} events are in ${out}`);
    if (lost.length > 0) print(`  lost: ${countText(sizeOf(lost))} events, ${rangesText(lost)}`);
  }
  printProblems(report.problems);
  print(`The report is ${join(out, REPORT_FILE)}`);
  print(`Next: "tally replay send ${out} --to nats://…" brings the events home.`);
}

function sizeOf(ranges: readonly Range[]): number {
  return ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
}
