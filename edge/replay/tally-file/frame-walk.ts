/** Goes through a file from its first frame to its seal, and tells of everything that is not as it was written. */
import type { KeyObject } from 'node:crypto';

import type { TallyError } from '#shared/errors.ts';

import type { Decryptor } from './cipher.ts';
import { Contents, differenceOf } from './manifest.ts';
import type { DiskFile } from './part-file.ts';
import { decodeEnding, type Ending, proofProblem } from './ending.ts';
import { altered, cut, trailing } from './flaws.ts';
import { decodeFrame, type StoredFrame } from './frame.ts';
import { type Found, type FoundRecord, type Opening, RecordSource } from './record-source.ts';

export type WalkOptions = {
  readonly file: DiskFile;
  readonly opening: Opening;
  readonly decryptor: Decryptor | undefined;
  readonly signedBy: KeyObject | undefined;
  /** When it throws, that is the end; when it returns, the walk goes on behind the flaw. */
  readonly onFlaw: (flaw: TallyError) => void;
  readonly signal: AbortSignal | undefined;
};

export class FrameWalk {
  /** The frames that were whole, so far. */
  readonly contents = new Contents();
  readonly #options: WalkOptions;
  readonly #source: RecordSource;
  #wholeEnd: { readonly offset: number; readonly chain: Buffer };
  #ending: Ending | undefined;
  #isProven = false;
  #isFlawed = false;
  /** The next frame's; undefined behind a flaw, where nobody knows. */
  #number: number | undefined = 0;

  constructor(options: WalkOptions) {
    const { file, opening } = options;
    this.#options = options;
    this.#source = new RecordSource(file, opening.size, {
      offset: opening.end,
      binding: opening.chain,
    });
    this.#wholeEnd = { offset: opening.end, chain: opening.chain };
  }

  /** Where the last whole frame ends, and its chain. */
  get wholeEnd(): { readonly offset: number; readonly chain: Buffer } {
    return this.#wholeEnd;
  }

  /** When the walk is over: the manifest and the seal, if they are there. */
  get ending(): Ending | undefined {
    return this.#ending;
  }

  /** Whether the signature, if there is one, is good, and by the one who was expected. */
  get isProven(): boolean {
    return this.#isProven;
  }

  async *frames(): AsyncGenerator<StoredFrame> {
    for (;;) {
      this.#options.signal?.throwIfAborted();
      const found = await this.#source.next();
      if (found.kind !== 'record') {
        if (await this.#passOver(found)) continue;
        return;
      }
      if (found.type === 'manifest') {
        await this.#end(found);
        return;
      }
      const frame = this.#take(found);
      if (frame !== undefined) yield frame;
    }
  }

  /** Tells of the flaw; whether there is anything behind it. */
  async #passOver(found: Exclude<Found, FoundRecord>): Promise<boolean> {
    // A record that runs past the end was cut, unless there are others behind it.
    const goesOn = found.kind !== 'end' && (await this.#source.skipToWhole(this.#options.signal));
    if (found.kind === 'altered') {
      const isFrame = found.type === 'frame' || found.type === undefined;
      this.#flaw(found.offset, isFrame ? this.#nextFrame() : `the ${found.type}`, found.why);
    } else if (goesOn) {
      this.#flaw(found.offset, this.#nextFrame(), 'its length leads past the end of the file');
    } else {
      this.#tell(cut(this.#options.file.path, this.contents));
    }
    this.#number = undefined;
    return goesOn;
  }

  #take(record: FoundRecord): StoredFrame | undefined {
    const { opening, decryptor } = this.#options;
    const { offset } = record;
    if (record.type !== 'frame') {
      this.#flaw(offset, this.#nextFrame(), `a ${record.type} is there`);
      return undefined;
    }
    const isEncrypted = opening.header.recipient !== undefined;
    const frame = decodeFrame(record, { isEncrypted, decryptor });
    if (typeof frame === 'string') {
      this.#flaw(offset, this.#nextFrame(), frame);
      this.#number = undefined;
      return undefined;
    }
    if (this.#number !== undefined && this.#number !== frame.number) {
      this.#flaw(offset, `frame ${this.#number}`, `frame ${frame.number} is there`);
    }
    this.#number = frame.number + 1;
    const disorder = this.contents.add(frame);
    if (disorder !== undefined) {
      this.#flaw(offset, `frame ${frame.number}`, disorder);
      return undefined;
    }
    this.#wholeEnd = { offset: record.end, chain: record.chain };
    return frame;
  }

  async #end(manifest: FoundRecord): Promise<void> {
    const { file, opening } = this.#options;
    // What the next record is read into may be where this one lies.
    const kept = { ...manifest, body: Buffer.from(manifest.body) };
    const seal = await this.#source.next();
    if (seal.kind === 'altered') {
      this.#flaw(seal.offset, 'the seal', seal.why);
      return;
    }
    if (seal.kind !== 'record') {
      this.#tell(cut(file.path, this.contents));
      return;
    }
    if (seal.type !== 'seal') {
      this.#flaw(seal.offset, 'the seal', `a ${seal.type} is there`);
      return;
    }
    const ending = decodeEnding(file.path, { manifest: kept, seal }, opening);
    if (ending instanceof Error) {
      this.#tell(ending);
      return;
    }
    this.#ending = ending;
    this.#judge(ending, kept);
    if (seal.end < opening.size) {
      this.#tell(trailing(file.path, seal.end, opening.size - seal.end));
    }
  }

  #judge(ending: Ending, { before, offset }: FoundRecord): void {
    const { contents } = this;
    const difference = differenceOf(ending.manifest, { contents, bytes: offset, chain: before });
    // What is missing behind a flaw has been told.
    if (difference !== undefined && !this.#isFlawed) this.#flaw(offset, 'the manifest', difference);
    const problem = proofProblem(this.#options.file.path, ending, this.#options);
    this.#isProven = problem === undefined;
    if (problem !== undefined) this.#tell(problem);
  }

  #nextFrame(): string {
    return this.#number === undefined ? 'a frame' : `frame ${this.#number}`;
  }

  #flaw(offset: number, where: string, why: string): void {
    this.#tell(altered(this.#options.file.path, { where, offset, why }));
  }

  #tell(flaw: TallyError): void {
    this.#isFlawed = true;
    this.#options.onFlaw(flaw);
  }
}
