/** `tally replay export`: a journal as one file to carry away. */
import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';

import { Command } from 'commander';

import type { Accounts } from '#proto/batch/batch.ts';
import { must } from '#shared/assert.ts';
import { systemClock } from '#shared/clock.ts';
import { TallyError } from '#shared/errors.ts';
import type { ShedReason } from '#shared/shed.ts';
import { VERSION } from '#shared/version.ts';

import { entriesOf } from '../journal/block.ts';
import { accountsOf, newestConfirmedMs, numbersIn } from '../journal/image-accounts.ts';
import { stretchesOf } from '../journal/image-stretches.ts';
import {
  readJournalImage,
  type JournalImage,
  type SegmentFindings,
} from '../journal/journal-image.ts';
import { encodeStretch, fitted } from '../uplink/encode-stretch.ts';
import { assertApart } from './assert-apart.ts';
import { assertClock } from './assert-clock.ts';
import { journalFrames } from './journal-frames.ts';
import { keyOf } from './key-options.ts';
import { countText, print, printJson, printProblems, sizeText } from './output.ts';
import { startProgress } from './progress.ts';
import { EXIT_FINDINGS } from './replay.ts';
import { runInterruptibly } from './run-interruptibly.ts';
import type {
  ManifestFacts,
  MissingCount,
  TallyFileWritten,
  TallyFrame,
  TallyPosition,
  Unreadable,
} from './tally-file/tally-file.ts';
import { writeTallyFile } from './tally-file/write-tally-file.ts';

type ExportOptions = {
  readonly out: string;
  readonly sign?: string;
  readonly encryptFor?: string;
  readonly json?: boolean;
};

const READ = { eventsMax: 1000, bytesMax: 512 * 1024, declareLost: false } as const;
/** Later events may be longer, or compress worse, than the first. */
const ESTIMATE_SLACK = 1.5;
const FILE_BYTES_MIN = 4096;

export function exportCommand(): Command {
  return new Command('export')
    .description(
      'write everything that is whole in a journal to one file, to carry away and send later',
    )
    .argument('<JOURNAL>', 'the journal directory; it is only read')
    .requiredOption('--out <FILE.tally>', 'the file; while it is written it is FILE.tally.part')
    .option('--sign <FILE>', "the gateway's private key (PEM, Ed25519): says who made the file")
    .option(
      '--encrypt-for <FILE>',
      "the cloud's public key (PEM, X25519): only the cloud can read the events",
    )
    .option('--json', 'for a program: one JSON document')
    .addHelpText(
      'after',
      `
Interrupted (Ctrl-C, a stick that was pulled, a full stick): the same command goes on where it was.
Exit codes: 0 done, 3 done and something could not be read, 1 not done: the message says why.

Examples:
  tally replay export /mnt/card/tally-edge/journal --out /media/stick/depot-7.tally
  tally replay export journal --out depot-7.tally --sign gateway.pem --encrypt-for cloud.pub.pem`,
    )
    .action((directory: string, options: ExportOptions) => exportJournal(directory, options));
}

async function exportJournal(directory: string, options: ExportOptions): Promise<void> {
  assertApart(directory, options.out);
  const image = readJournalImage(directory);
  const { site, gateway } = identityOf(image);
  assertClock(systemClock.now(), newestConfirmedMs(image));
  const read = new ReadJournal(image);
  const total = numbersIn(image);
  const bytesExpected = await estimate(new ReadJournal(image), { site, gateway }, total);
  const quiet = options.json === true;
  if (!quiet) tellRoom(options.out, bytesExpected);
  using progress = startProgress({ what: 'writing', unit: 'events', total, quiet });
  const written = await runInterruptibly(async (signal) =>
    writeTallyFile({
      path: options.out,
      header: {
        site,
        gateway,
        journal: [...new Set(image.segments.map(({ epoch }) => epoch))].join(' '),
        madeAtMs: systemClock.now(),
        tool: `tallyport ${VERSION}`,
      },
      source: (resumeAfter) => read.frames({ site, gateway }, resumeAfter),
      manifestOf: () => read.facts(),
      signWith: await keyOf(options.sign, 'private', 'ed25519'),
      encryptFor: await keyOf(options.encryptFor, 'public', 'x25519'),
      bytesExpected,
      onProgress: ({ bytes, events }) => progress.update(events, sizeText(bytes)),
      signal,
    }),
  );
  progress[Symbol.dispose]();
  tell(options, written, read);
}

function identityOf({ directory, site, gateway }: JournalImage): { site: string; gateway: string } {
  if (site !== undefined && gateway !== undefined) return { site, gateway };
  throw new TallyError(
    'stop',
    'not-a-journal',
    `${directory}: no segment says whose it is: there is nothing whole in it. "tally replay verify" says more`,
  );
}

/** How long the file will be, about, by what the first batch takes. */
async function estimate(
  read: ReadJournal,
  identity: { readonly site: string; readonly gateway: string },
  total: number,
): Promise<number> {
  for await (const { bytes, firstSeq, lastSeq } of read.frames(identity, undefined)) {
    const perNumber = bytes.length / (lastSeq - firstSeq + 1);
    return Math.ceil(FILE_BYTES_MIN + total * perNumber * ESTIMATE_SLACK);
  }
  return FILE_BYTES_MIN;
}

function tellRoom(out: string, bytesExpected: number): void {
  const { bavail, bsize } = statfsSync(existsSync(dirname(out)) ? dirname(out) : '.');
  const free = bavail * bsize;
  print(`needs about ${sizeText(bytesExpected)}; ${sizeText(free)} are free there`);
}

function tell({ out, json }: ExportOptions, written: TallyFileWritten, read: ReadJournal): void {
  const { manifest, signer, bytes } = written;
  if (read.unreadable.length > 0) process.exitCode = EXIT_FINDINGS;
  if (json === true) {
    printJson({ file: out, bytes, signer: signer ?? null, manifest });
    return;
  }
  print(
    `${countText(manifest.events)} events in ${countText(manifest.frames)} batches, ${sizeText(bytes)}: ${out}`,
  );
  if (written.resumedAfter !== undefined) print('It went on where the last run had stopped.');
  print(`signed by ${signer ?? 'nobody'}`);
  printProblems(read.unreadable.map(({ what, why }) => ({ file: what, what: why })));
  print(
    `Next: "tally replay verify ${out}", and where the link is up "tally replay send ${out} --to nats://…".`,
  );
}

/** The frames of a journal, and what its reading brought to light. */
class ReadJournal {
  readonly unreadable: Unreadable[] = [];
  readonly #image: JournalImage;
  readonly #accounts: Map<string, Accounts>;
  readonly #shed = new Map<string, Map<ShedReason, { ranges: number; events: number }>>();
  readonly #lost = new Map<string, { ranges: number; events: number }>();

  constructor(image: JournalImage) {
    this.#image = image;
    this.#accounts = accountsOf(image);
    this.unreadable.push(...image.problems.map(({ file, what }) => ({ what: file, why: what })));
  }

  async *frames(
    identity: { readonly site: string; readonly gateway: string },
    after: TallyPosition | undefined,
  ): AsyncGenerator<TallyFrame> {
    const stretches = stretchesOf(this.#image, {
      ...READ,
      after,
      onSegment: (found) => this.#note(found),
    });
    const encode = (
      stretch: Parameters<typeof encodeStretch>[0],
      epoch: string,
    ): ReturnType<typeof encodeStretch> =>
      encodeStretch(stretch, {
        ...identity,
        epoch,
        lane: 'backlog',
        accounts: must(this.#accounts.get(epoch), 'the accounts of an epoch'),
        watermark: { seq: stretch.firstSeq, timeMs: 0 },
      });
    yield* journalFrames(stretches, { fitted, encode, declareLost: false });
  }

  facts(): ManifestFacts {
    return {
      epochs: [...this.#accounts].map(([epoch, accounts]) => ({
        epoch,
        accounts,
        shed: [...(this.#shed.get(epoch) ?? [])].map(([reason, count]): MissingCount => ({
          reason,
          ...count,
        })),
        lost: lostCounts(this.#lost.get(epoch)),
      })),
      unreadable: this.unreadable,
    };
  }

  #note({ name, blocks, lost, problems }: SegmentFindings): void {
    this.#countShed(name.epoch, blocks);
    this.unreadable.push(...problems.map(({ file, what }) => ({ what: file, why: what })));
    const count = this.#lost.get(name.epoch) ?? { ranges: 0, events: 0 };
    for (const [first, last] of lost) {
      count.ranges++;
      count.events += last - first + 1;
    }
    this.#lost.set(name.epoch, count);
  }

  #countShed(epoch: string, blocks: SegmentFindings['blocks']): void {
    const byReason =
      this.#shed.get(epoch) ?? new Map<ShedReason, { ranges: number; events: number }>();
    this.#shed.set(epoch, byReason);
    for (const entry of blocks.flatMap((block) => [...entriesOf(block)])) {
      if (entry.type !== 'shed') continue;
      const count = byReason.get(entry.reason) ?? { ranges: 0, events: 0 };
      count.ranges++;
      count.events += entry.last - entry.first + 1;
      byReason.set(entry.reason, count);
    }
  }
}

function lostCounts(count: { ranges: number; events: number } | undefined): MissingCount[] {
  return count === undefined || count.ranges === 0 ? [] : [{ reason: 'damaged', ...count }];
}
