/** `tally replay salvage`: a clean journal out of a damaged one. */
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Command } from 'commander';

import { systemClock } from '#shared/clock.ts';
import { describe, TallyError } from '#shared/errors.ts';
import { makeDirectory } from '#shared/make-directory.ts';
import type { Range } from '#shared/ranges.ts';

import { readJournalImage } from '../journal/journal-image.ts';
import { fsyncPath, UNFINISHED_FILE } from '../journal/segment-file.ts';
import { salvageJournal, type SalvageReport } from '../journal/salvage-journal.ts';
import { isOutOfRoom } from '../journal/sqlite.ts';
import { assertApart } from './assert-apart.ts';
import { countText, print, printJson, printProblems, rangesText } from './output.ts';
import { startProgress } from './progress.ts';
import { EXIT_FINDINGS } from './replay.ts';

type SalvageOptions = { readonly out: string; readonly json?: boolean };

const REPORT_FILE = 'salvage-report.json';
/** What a salvage writes, but for the mark that it is not finished. */
const OURS = /^(?:segment-.*|state\.db.*|head|pid|salvage-report\.json)$/u;

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
program learns, and another copy may have what this one lost. Interrupted, the same command begins anew.

Exit codes: 0 all of it is there, 3 something is lost, 1 not done: the message says why.

Example:
  tally replay salvage /mnt/card/tally-edge/journal --out rescued`,
    )
    .action((directory: string, options: SalvageOptions) => salvage(directory, options));
}

function salvage(directory: string, { out, json }: SalvageOptions): void {
  assertApart(directory, out);
  const total = readJournalImage(directory).segments.length;
  orNoRoom(out, () => prepare(out));
  using progress = startProgress({
    what: 'salvaging',
    unit: 'segments',
    total,
    quiet: json === true,
  });
  const report = orNoRoom(out, () =>
    salvageJournal(directory, out, {
      nowMs: systemClock.now(),
      onSegment: (done, events) => progress.update(done, `${countText(events)} events`),
    }),
  );
  progress[Symbol.dispose]();
  orNoRoom(out, () => {
    writeFileSync(join(out, REPORT_FILE), `${JSON.stringify(report, undefined, 2)}\n`);
    fsyncPath(out);
    rmSync(join(out, UNFINISHED_FILE));
  });
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
      `${out}: the disk is full. A clean journal takes as much room as the damaged one: make room and run the same command again, or remove ${out} and name a larger disk`,
      { cause },
    );
  }
}

/** Nothing that is there is overwritten, but what a salvage that was interrupted has left. */
function prepare(out: string): void {
  try {
    makeDirectory(out);
    const names = readdirSync(out);
    const isLeft = names.includes(UNFINISHED_FILE);
    if (!isLeft && names.length > 0) throw notEmpty(out);
    writeFileSync(join(out, UNFINISHED_FILE), 'tally replay salvage is at work here, or was\n');
    fsyncPath(out);
    for (const name of names) if (OURS.test(name)) rmSync(join(out, name));
  } catch (cause) {
    if (cause instanceof TallyError || isOutOfRoom(cause)) throw cause;
    throw new TallyError(
      'stop',
      'not-a-journal',
      `--out ${out} cannot be written: ${describe(cause)}. Name a directory that can`,
      { cause },
    );
  }
}

function notEmpty(out: string): TallyError {
  return new TallyError('stop', 'not-a-journal', `--out ${out} is not empty: name a new directory`);
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
