/** The header and the manifest as JSON, so that `strings` shows a field tech whose file it is and what is in it. */
import { z } from 'zod';

import { assert } from '#shared/assert.ts';
import { ID_PATTERN } from '#shared/names.ts';
import type { Range } from '#shared/ranges.ts';

import {
  EPOCHS_MAX,
  HEADER_BYTES_MAX,
  MANIFEST_BYTES_MAX,
  RANGES_LISTED_MAX,
  UNREADABLE_LISTED_MAX,
  UNREADABLE_TEXT_MAX,
} from './format.ts';
import type {
  ManifestEpoch,
  ManifestFacts,
  TallyFrame,
  TallyHeader,
  TallyManifest,
  TallyPosition,
} from './tally-file.ts';

const count = z.int().min(0);
const id = z.string().regex(ID_PATTERN);
const hash = z.string().regex(/^[0-9a-f]{64}$/u);

const headerSchema: z.ZodType<TallyHeader> = z.strictObject({
  site: id,
  gateway: id,
  journal: z.string().min(1).max(4096),
  madeAtMs: count,
  tool: z.string().max(64),
  recipient: z.string().max(64).exactOptional(),
});

const missing = z.strictObject({ reason: z.string(), ranges: count, events: count });

const epochSchema: z.ZodType<ManifestEpoch> = z.strictObject({
  epoch: id,
  events: count,
  firstSeq: count,
  lastSeq: count,
  ranges: z.array(z.tuple([count, count])).max(RANGES_LISTED_MAX),
  rangeCount: count,
  accounts: z
    .strictObject({
      received: count,
      filtered: z.record(z.string(), count),
      headSeq: count,
      stored: count,
    })
    .exactOptional(),
  shed: z.array(missing),
  lost: z.array(missing),
});

const manifestSchema: z.ZodType<TallyManifest> = z.strictObject({
  frames: count,
  events: count,
  bytes: count,
  chain: hash,
  epochs: z.array(epochSchema).max(EPOCHS_MAX),
  unreadable: z
    .array(z.strictObject({ what: z.string(), why: z.string() }))
    .max(UNREADABLE_LISTED_MAX),
  unreadableCount: count,
});

export function encodeHeader(header: TallyHeader): Buffer {
  const bytes = encode(headerSchema.parse(header));
  assert(bytes.length <= HEADER_BYTES_MAX, 'a header is short');
  return bytes;
}

/** Undefined when the bytes are no header. */
export function decodeHeader(bytes: Buffer): TallyHeader | undefined {
  return decode(headerSchema, bytes);
}

export function encodeManifest(manifest: TallyManifest): Buffer {
  const bytes = encode(manifestSchema.parse(manifest));
  assert(bytes.length <= MANIFEST_BYTES_MAX, 'a manifest is no longer than its reader accepts');
  return bytes;
}

/** Undefined when the bytes are no manifest. */
export function decodeManifest(bytes: Buffer): TallyManifest | undefined {
  return decode(manifestSchema, bytes);
}

/** What the frames come to, with what only the journal knows. */
export function manifestOf(
  contents: Contents,
  {
    facts,
    bytes,
    chain,
  }: { readonly facts: ManifestFacts; readonly bytes: number; readonly chain: Buffer },
): TallyManifest {
  const factsOf = new Map(facts.epochs.map((each) => [each.epoch, each]));
  const inFile = contents.epochs();
  const names = new Set([...inFile.map(({ epoch }) => epoch), ...factsOf.keys()]);
  const empty = { events: 0, firstSeq: 0, lastSeq: 0, ranges: [], rangeCount: 0 };
  return {
    frames: contents.frames,
    events: contents.events,
    bytes,
    chain: chain.toString('hex'),
    epochs: Array.from(names, (epoch) => ({
      epoch,
      ...(inFile.find((each) => each.epoch === epoch) ?? empty),
      shed: [],
      lost: [],
      ...factsOf.get(epoch),
    })),
    unreadable: facts.unreadable
      .slice(0, UNREADABLE_LISTED_MAX)
      .map(({ what, why }) => ({ what: clipped(what), why: clipped(why) })),
    unreadableCount: facts.unreadable.length,
  };
}

/** An export of hours must not end with a manifest that is too long. */
function clipped(text: string): string {
  return text.slice(0, UNREADABLE_TEXT_MAX);
}

/** In what the frames are not what the manifest says; undefined when all is so. */
export function differenceOf(
  manifest: TallyManifest,
  {
    contents,
    bytes,
    chain,
  }: { readonly contents: Contents; readonly bytes: number; readonly chain: Buffer },
): string | undefined {
  const { frames, events } = contents;
  if (manifest.frames !== frames) return `it lists ${manifest.frames} frames, there are ${frames}`;
  if (manifest.events !== events) return `it lists ${manifest.events} events, there are ${events}`;
  if (manifest.bytes !== bytes) return `it follows ${manifest.bytes} bytes, there are ${bytes}`;
  if (manifest.chain !== chain.toString('hex')) return 'it lists another SHA-256';
  const isSame = coverageOf(manifest.epochs) === coverageOf(contents.epochs());
  return isSame ? undefined : 'it lists other ranges';
}

/** Epochs without a range are there for their accounts. */
function coverageOf(epochs: readonly EpochContents[]): string {
  const covered = epochs.filter(({ rangeCount }) => rangeCount > 0);
  return JSON.stringify(
    covered.map(({ epoch, events, firstSeq, lastSeq, rangeCount, ranges }) => [
      epoch,
      events,
      firstSeq,
      lastSeq,
      rangeCount,
      ranges,
    ]),
  );
}

function encode(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function decode<T>(schema: z.ZodType<T>, bytes: Buffer): T | undefined {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    // Not UTF-8, or not JSON: no header, no manifest.
    return undefined;
  }
  const { data } = schema.safeParse(value);
  return data;
}

/** What the frames of an epoch come to. */
export type EpochContents = Pick<
  ManifestEpoch,
  'epoch' | 'events' | 'firstSeq' | 'lastSeq' | 'ranges' | 'rangeCount'
>;

type Open = {
  events: number;
  firstSeq: number;
  lastSeq: number;
  readonly ranges: [number, number][];
  rangeCount: number;
};

export class Contents {
  readonly #epochs = new Map<string, Open>();
  #epoch = '';
  /** The place of the last frame, when it has no events and covers none. */
  #heartbeatAt: number | undefined;
  #frames = 0;
  #events = 0;
  #rangesListed = 0;

  get frames(): number {
    return this.#frames;
  }

  get events(): number {
    return this.#events;
  }

  /** Behind the last frame; undefined before the first. */
  get position(): TallyPosition | undefined {
    const open = this.#epochs.get(this.#epoch);
    return open === undefined ? undefined : { epoch: this.#epoch, seq: open.lastSeq };
  }

  /** Whether it is the heartbeat that the last frame was: a source that is resumed gives it again. */
  isAgain({ epoch, firstSeq, lastSeq }: Omit<TallyFrame, 'bytes'>): boolean {
    return lastSeq < firstSeq && epoch === this.#epoch && firstSeq === this.#heartbeatAt;
  }

  /** Takes the frame, or answers why it cannot come here. */
  add(frame: Omit<TallyFrame, 'bytes'>): string | undefined {
    const known = this.#epochs.get(frame.epoch);
    if (known !== undefined && frame.epoch !== this.#epoch) {
      return `epoch ${frame.epoch} has ended before`;
    }
    if (known !== undefined && frame.firstSeq <= known.lastSeq) {
      return `${frame.firstSeq} comes after ${known.lastSeq}`;
    }
    if (known === undefined && this.#epochs.size === EPOCHS_MAX) {
      return `it is of more than ${EPOCHS_MAX} epochs`;
    }
    const open = known ?? { events: 0, firstSeq: 0, lastSeq: 0, ranges: [], rangeCount: 0 };
    this.#epochs.set(frame.epoch, open);
    this.#epoch = frame.epoch;
    this.#frames++;
    this.#events += frame.events;
    open.events += frame.events;
    const isHeartbeat = frame.lastSeq < frame.firstSeq;
    this.#heartbeatAt = isHeartbeat ? frame.firstSeq : undefined;
    if (!isHeartbeat) this.#cover(open, frame.firstSeq, frame.lastSeq);
    return undefined;
  }

  epochs(): EpochContents[] {
    return Array.from(this.#epochs, ([epoch, open]) => ({
      epoch,
      ...open,
      ranges: open.ranges.map(([first, last]): Range => [first, last]),
    }));
  }

  #cover(open: Open, first: number, last: number): void {
    if (open.firstSeq === 0) open.firstSeq = first;
    const isNext = open.rangeCount > 0 && first === open.lastSeq + 1;
    open.lastSeq = last;
    if (!isNext) open.rangeCount++;
    // Behind the limit, ranges are counted only.
    if (isNext && open.ranges.length === open.rangeCount) {
      const range = open.ranges.at(-1);
      if (range !== undefined) range[1] = last;
    } else if (!isNext && this.#rangesListed < RANGES_LISTED_MAX) {
      this.#rangesListed++;
      open.ranges.push([first, last]);
    }
  }
}
