/** Entries into blocks again, when a segment is thinned: what is shed becomes tombstones, as few as can be. */
import type { ShedReason } from '#shared/shed.ts';

import { cut, writeTombstone, type Block, type Entry } from './block.ts';
import { RecordWriter } from './record-writer.ts';

const BUFFER_BYTES = 8192;
/** Flushed when this long; `cut` makes pages of it. */
const GROUP_BYTES_MAX = 64 * 1024;

type Open = {
  readonly firstSeq: number;
  readonly clock: Block['clock'];
  readonly writer: RecordWriter;
  readonly keys: Uint8Array[];
  filtered: string;
};

export class BlockBuilder {
  #open: Open | undefined;
  /** Shed and not written yet: a run goes on over the borders of blocks. */
  #run: { first: number; count: number; reason: ShedReason } | undefined;
  #like: Pick<Block, 'clock' | 'filtered'> | undefined;

  /** Takes the next entries of `from`, whose keys are kept or not; yields what is finished. */
  *add(from: Block, entries: Iterable<Entry>, keepKeys: boolean): Generator<Block> {
    const { clock } = from;
    if (this.#open !== undefined && !sameClock(this.#open.clock, clock)) yield* this.#flush();
    this.#like = from;
    for (const entry of entries) {
      if (entry.type === 'shed') yield* this.#shed(entry, from);
      else {
        this.#endRun(from);
        this.#openAt(entry.seq, from).writer.frame(entry.record);
      }
    }
    if (keepKeys && from.messageKeys.length > 0) {
      // A block begins with what is shed in front of its keys.
      this.#endRun(from);
      this.#openAt(from.firstSeq + from.count, from).keys.push(from.messageKeys);
    }
    if (this.#open !== undefined) this.#open.filtered = from.filtered;
    if ((this.#open?.writer.length ?? 0) > GROUP_BYTES_MAX) yield* this.#flush();
  }

  *finish(): Generator<Block> {
    if (this.#run !== undefined && this.#like !== undefined) this.#endRun(this.#like);
    yield* this.#flush();
  }

  *#shed(entry: Extract<Entry, { type: 'shed' }>, from: Block): Generator<Block> {
    const count = entry.last - entry.first + 1;
    if (this.#run !== undefined && this.#run.reason === entry.reason) {
      this.#run.count += count;
      return;
    }
    this.#endRun(from);
    this.#run = { first: entry.first, count, reason: entry.reason };
    if ((this.#open?.writer.length ?? 0) > GROUP_BYTES_MAX) yield* this.#flush();
  }

  #endRun(from: Pick<Block, 'clock' | 'filtered'>): void {
    const run = this.#run;
    this.#run = undefined;
    if (run !== undefined)
      writeTombstone(this.#openAt(run.first, from).writer, run.count, run.reason);
  }

  #openAt(seq: number, { clock, filtered }: Pick<Block, 'clock' | 'filtered'>): Open {
    this.#open ??= {
      firstSeq: seq,
      clock,
      filtered,
      writer: new RecordWriter(new ArrayBuffer(BUFFER_BYTES)),
      keys: [],
    };
    return this.#open;
  }

  *#flush(): Generator<Block> {
    const open = this.#open;
    this.#open = undefined;
    if (open === undefined) return;
    const { buffer, length } = open.writer.finish();
    yield* cut({
      firstSeq: open.firstSeq,
      filtered: open.filtered,
      clock: open.clock,
      messageKeys: Buffer.concat(open.keys),
      records: new Uint8Array(buffer, 0, length),
    });
  }
}

function sameClock(a: Block['clock'], b: Block['clock']): boolean {
  return a.bootId === b.bootId && a.offsetMs === b.offsetMs && a.trust === b.trust;
}
