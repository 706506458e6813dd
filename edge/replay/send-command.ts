/** `tally replay send`: a journal's or a file's events into JetStream. */
import { Command, InvalidArgumentError } from 'commander';

import { must } from '#shared/assert.ts';
import { systemClock } from '#shared/clock.ts';
import { TallyError } from '#shared/errors.ts';

import { accountsOf, numbersIn } from '../journal/image-accounts.ts';
import { stretchesOf } from '../journal/image-stretches.ts';
import { readJournalImage } from '../journal/journal-image.ts';
import { encodeStretch, fitted } from '../uplink/encode-stretch.ts';
import { startNatsLink } from '../uplink/nats-link.ts';
import type { Link } from '../uplink/uplink.ts';
import { journalFrames } from './journal-frames.ts';
import { keyOf } from './key-options.ts';
import { countText, print, printJson, rangesText } from './output.ts';
import { startProgress } from './progress.ts';
import { EXIT_FINDINGS } from './replay.ts';
import { runInterruptibly } from './run-interruptibly.ts';
import { send, type SendReceipt } from './send.ts';
import { isTallyFile } from './source-kind.ts';
import { openTallyFile } from './tally-file/read-tally-file.ts';
import type { TallyFrame } from './tally-file/tally-file.ts';

type SendCommandOptions = {
  readonly to: readonly string[];
  readonly dryRun?: boolean;
  readonly rate?: number;
  readonly declareLost?: boolean;
  readonly signer?: string;
  readonly key?: string;
  readonly json?: boolean;
};

type Source = AsyncDisposable & {
  readonly site: string;
  readonly gateway: string;
  readonly eventsExpected: number;
  frames(): AsyncIterable<TallyFrame> | Iterable<TallyFrame>;
};

const READ = { eventsMax: 1000, bytesMax: 512 * 1024 } as const;
const CONNECT_MS_MAX = 20_000;

export function sendCommand(): Command {
  return new Command('send')
    .description('bring the events of a journal or a .tally file home, into JetStream')
    .argument('<JOURNAL|FILE.tally>', 'a journal directory, or an exported file; it is only read')
    .requiredOption('--to <URL...>', 'the NATS servers, nats://host:port')
    .option('--dry-run', 'say what would be sent and what the cloud has already; send nothing')
    .option('--rate <EVENTS>', 'at most so many events a second', countOf)
    .option(
      '--declare-lost',
      'tell the cloud that what is damaged here is lost: there is no other copy',
    )
    .option(
      '--signer <FILE>',
      'of a file: the public key (PEM) of the gateway that must have signed it',
    )
    .option('--key <FILE>', 'of an encrypted file: the private key (PEM) to read it with')
    .option('--json', 'for a program: the receipt as one JSON document')
    .addHelpText(
      'after',
      `
Safe beside the running gateway, twice, from two copies: the cloud takes each event once.
Interrupted (Ctrl-C, the link is gone): the same command goes on where it was.
Exit codes: 0 the cloud has applied all of it, 3 something is refused or not applied yet, 1 it was not done.

Examples:
  tally replay send depot-7.tally --to nats://nats.example:4222 --dry-run
  tally replay send /mnt/card/tally-edge/journal --to nats://nats.example:4222 --rate 20000`,
    )
    .action((path: string, options: SendCommandOptions) => sendSource(path, options));
}

function countOf(text: string): number {
  const count = Number(text);
  if (!(Number.isSafeInteger(count) && count > 0))
    throw new InvalidArgumentError('expected a number of events');
  return count;
}

async function sendSource(path: string, options: SendCommandOptions): Promise<void> {
  await runInterruptibly(async (signal) => {
    await using source = isTallyFile(path)
      ? await fileSource(path, options, signal)
      : journalSource(path, options);
    const { site, gateway } = source;
    const reasons: string[] = [];
    await using link = startNatsLink({
      servers: options.to,
      site,
      gateway,
      clock: systemClock,
      random: Math.random,
      events: {
        connected: () => {},
        disconnected: (reason) => void reasons.push(reason),
        receiptUnreadable: () => {},
      },
    });
    await untilConnected(link, options.to, reasons, signal);
    using progress = startProgress({
      what: 'sending',
      unit: 'events',
      total: source.eventsExpected,
      quiet: options.json === true,
    });
    const receipt = await send(
      source.frames(),
      { dryRun: options.dryRun === true, rate: options.rate },
      {
        gateway,
        link,
        clock: systemClock,
        random: Math.random,
        signal,
        onProgress: ({ events, applied }) =>
          progress.update(events, `${countText(applied)} applied`),
      },
    );
    progress[Symbol.dispose]();
    tell(receipt, gateway, options);
  });
}

function journalSource(directory: string, { declareLost = false }: SendCommandOptions): Source {
  const image = readJournalImage(directory);
  const { site, gateway } = image;
  if (site === undefined || gateway === undefined) {
    throw new TallyError(
      'stop',
      'not-a-journal',
      `${directory}: no segment says whose it is: there is nothing whole in it. "tally replay verify" says more`,
    );
  }
  const accounts = accountsOf(image);
  const eventsExpected = numbersIn(image);
  return {
    site,
    gateway,
    eventsExpected,
    frames: () =>
      journalFrames(stretchesOf(image, { ...READ, declareLost }), {
        fitted,
        declareLost,
        encode: (stretch, epoch) =>
          encodeStretch(stretch, {
            site,
            gateway,
            epoch,
            lane: 'backlog',
            accounts: must(accounts.get(epoch), 'the accounts of an epoch'),
            watermark: { seq: stretch.firstSeq, timeMs: 0 },
          }),
      }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function fileSource(
  path: string,
  options: SendCommandOptions,
  signal: AbortSignal,
): Promise<Source> {
  const file = await openTallyFile(path, {
    signedBy: await keyOf(options.signer, 'public', 'ed25519'),
    decryptWith: await keyOf(options.key, 'private', 'x25519'),
    signal,
  });
  const { header, manifest } = file;
  return {
    site: header.site,
    gateway: header.gateway,
    eventsExpected: manifest.events,
    frames: () => file.frames(),
    [Symbol.asyncDispose]: () => file[Symbol.asyncDispose](),
  };
}

async function untilConnected(
  link: Link,
  servers: readonly string[],
  reasons: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const connected = Promise.withResolvers<void>();
  link.onConnected(connected.resolve);
  if (link.connected) return;
  await Promise.race([connected.promise, systemClock.sleep(CONNECT_MS_MAX, signal)]);
  signal.throwIfAborted();
  if (link.connected) return;
  throw new TallyError(
    'stop',
    'stream-unavailable',
    `cannot reach ${servers.join(', ')}: ${reasons.at(-1) ?? 'no answer'}. Check the address and this machine's network`,
  );
}

function tell(receipt: SendReceipt, gateway: string, { dryRun, json }: SendCommandOptions): void {
  const isWhole = receipt.refused === 0 && receipt.waiting.length === 0;
  if (!isWhole) process.exitCode = EXIT_FINDINGS;
  if (json === true) {
    printJson({ gateway, dryRun: dryRun === true, ...receipt });
    return;
  }
  const line = (name: string, count: number): void =>
    print(`${name.padEnd(18)}${countText(count).padStart(12)}`);
  print(`gateway ${gateway}${dryRun === true ? ' (dry run: nothing was sent)' : ''}`);
  line('events here', receipt.events);
  line('already applied', receipt.alreadyApplied);
  line(dryRun === true ? 'would be sent' : 'sent', receipt.sent);
  if (dryRun === true) return;
  line('applied of these', receipt.applied);
  line('refused', receipt.refused);
  for (const refusal of receipt.refusals.slice(0, 10)) print(`! ${refusal}`);
  for (const { epoch, ranges } of receipt.waiting)
    print(`! in the stream and not applied yet, of ${epoch}: ${rangesText(ranges)}`);
  print(
    isWhole
      ? 'The cloud says that it has all of it.'
      : 'Next: the same command later asks again; nothing is taken twice.',
  );
}
