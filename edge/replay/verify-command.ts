/** `tally replay verify`: whether a journal, or a `.tally` file, is whole. */
import { Command } from 'commander';

import { RangeSet } from '#shared/ranges.ts';

import { eventCount } from '../journal/block.ts';
import { FactsCounter } from '../journal/segment-facts.ts';
import { readJournalImage, segmentsOf, type JournalImage } from '../journal/journal-image.ts';
import { fileBytes, fileCrc, segmentPath } from '../journal/segment-file.ts';
import { keyOf } from './key-options.ts';
import { countText, print, printJson, printProblems, rangesText } from './output.ts';
import { startProgress } from './progress.ts';
import { EXIT_FINDINGS } from './replay.ts';
import { isTallyFile } from './source-kind.ts';
import type { TallyFileReport } from './tally-file/tally-file.ts';
import { verifyTallyFile } from './tally-file/read-tally-file.ts';

type VerifyOptions = {
  readonly json?: boolean;
  readonly signer?: string;
  readonly key?: string;
};

export function verifyCommand(): Command {
  return new Command('verify')
    .description(
      'check every segment and the chain of numbers; exit code 3 says that something is damaged',
    )
    .argument('<JOURNAL|FILE.tally>', 'a journal directory, or an exported file')
    .option(
      '--signer <FILE>',
      'of a file: the public key (PEM) of the gateway that must have signed it',
    )
    .option('--key <FILE>', 'of an encrypted file: the private key (PEM) to read its events with')
    .option('--json', 'for a program: one JSON document')
    .addHelpText(
      'after',
      `
Exit codes: 0 all is whole, 3 something is damaged or missing, 1 it could not be read at all.

Examples:
  tally replay verify /var/lib/tally-edge/journal
  tally replay verify depot-7.tally --signer gw-7.pub.pem`,
    )
    .action((source: string, options: VerifyOptions) =>
      isTallyFile(source) ? verifyFile(source, options) : verifyJournal(source, options),
    );
}

type Problem = { readonly file: string; readonly what: string };

function verifyJournal(directory: string, { json }: VerifyOptions): void {
  const image = readJournalImage(directory);
  const problems: Problem[] = [...image.problems];
  const lost = new Map<string, RangeSet>();
  let events = 0;
  let segments = 0;
  using progress = startProgress({
    what: 'checking',
    unit: 'segments',
    total: image.segments.length,
    quiet: json === true,
  });
  const gone = new FactsCounter();
  for (const found of segmentsOf(image)) {
    for (const block of found.blocks) gone.add(block);
    problems.push(...found.problems, ...changedFile(image, found.name.number));
    events += found.blocks.reduce((sum, block) => sum + eventCount(block), 0);
    const ranges = lost.get(found.name.epoch) ?? new RangeSet();
    for (const [first, last] of found.lost) ranges.add(first, last);
    lost.set(found.name.epoch, ranges);
    progress.update(++segments, `${countText(events)} events`);
  }
  progress[Symbol.dispose]();
  const lostByEpoch = Object.fromEntries([...lost].map(([epoch, ranges]) => [epoch, [...ranges]]));
  const lostBefore = gone.facts(0).shed.damaged ?? 0;
  if (problems.length > 0) process.exitCode = EXIT_FINDINGS;
  if (json === true) {
    printJson({ directory, segments, events, lost: lostByEpoch, lostBefore, problems });
    return;
  }
  print(
    `${countText(events)} events in ${segments} ${segments === 1 ? 'segment is' : 'segments are'} whole`,
  );
  if (lostBefore > 0)
    print(`${countText(lostBefore)} were lost to damage before, and stand there as lost`);
  printProblems(problems);
  for (const [epoch, ranges] of lost)
    if (ranges.size > 0)
      print(`lost of ${epoch}: ${countText(ranges.size)} events, ${rangesText([...ranges])}`);
  if (problems.length > 0)
    print(
      'Next: "tally replay salvage" makes a clean journal; "export" and "send" skip what is damaged.',
    );
}

/** A file whose blocks are all whole may still not be what it was sealed as: the pages that lead to them. */
function changedFile(image: JournalImage, number: number): Problem[] {
  const row = image.state?.segments.find((each) => each.number === number);
  if (row === undefined) return [];
  const path = segmentPath(image.directory, row);
  if (fileBytes(path) !== row.bytes || fileCrc(path) === row.fileCrc) return [];
  return [{ file: segmentPath('.', row), what: 'its bytes are not those it was sealed with' }];
}

async function verifyFile(path: string, options: VerifyOptions): Promise<void> {
  const quiet = options.json === true;
  using progress = startProgress({
    what: 'checking',
    unit: 'bytes',
    total: fileBytes(path),
    quiet,
  });
  const report = await verifyTallyFile(path, {
    signedBy: await keyOf(options.signer, 'public', 'ed25519'),
    decryptWith: await keyOf(options.key, 'private', 'x25519'),
    onProgress: ({ bytes, events }) => progress.update(bytes, `${countText(events)} events`),
  });
  progress[Symbol.dispose]();
  const missing = missingIn(report);
  if (report.problemCount > 0 || missing.length > 0) process.exitCode = EXIT_FINDINGS;
  const problems = report.problems.map(({ code, message }) => ({
    file: path,
    code,
    what: message,
  }));
  if (quiet) {
    printJson({ ...report, problems });
    return;
  }
  print(
    `gateway ${report.header.gateway} of site ${report.header.site}, made ${new Date(report.header.madeAtMs).toISOString()}`,
  );
  const isRefused = report.problems.some(({ code }) => code === 'tally-file-signature');
  if (!isRefused) print(`signed by ${report.signer ?? 'nobody'}`);
  print(`${countText(report.events)} events in ${countText(report.frames)} batches are whole`);
  if (!report.decoded)
    print('The events are encrypted: only their frames were checked. Name the key with --key.');
  printProblems(problems);
  if (missing.length > 0) {
    print('It is as it was written. Where it was made, this could not be read:');
    printProblems(missing);
  }
}

/** What was not whole in the journal that the file was made of. */
function missingIn({ manifest }: TallyFileReport): Problem[] {
  const lost = (manifest?.epochs ?? []).flatMap((each) =>
    each.lost.map(({ events }) => ({
      file: each.epoch,
      what: `${countText(events)} events are not in the file: they were damaged`,
    })),
  );
  const unreadable = (manifest?.unreadable ?? []).map(({ what, why }) => ({
    file: what,
    what: why,
  }));
  return [...lost, ...unreadable];
}
