/** The sealed segments, oldest first, as the files and the state have them. */
import type { Epoch, Epochs } from './epochs.ts';
import { removeSegment } from './segment-file.ts';
import { isOutOfRoom } from './sqlite.ts';
import type { JournalState, SealedSegment } from './state.ts';
import { shedOf } from './stats.ts';

export class SealedSegments {
  readonly #directory: string;
  readonly #state: JournalState;
  readonly #epochs: Epochs;
  readonly #segments: SealedSegment[];
  #bytes: number;

  constructor(
    directory: string,
    found: {
      readonly state: JournalState;
      readonly epochs: Epochs;
      readonly sealed: readonly SealedSegment[];
    },
  ) {
    this.#directory = directory;
    this.#state = found.state;
    this.#epochs = found.epochs;
    this.#segments = [...found.sealed];
    this.#bytes = found.sealed.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  get all(): readonly SealedSegment[] {
    return this.#segments;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Adds the newest. Where the state has no room for it, the next opening finds it all the same. */
  add(sealed: SealedSegment): void {
    this.#segments.push(sealed);
    this.#bytes += sealed.bytes;
    this.#state.save({ segments: [sealed], epochs: [this.#epochs.current.record] });
    this.unlinkApplied();
  }

  /** Notes that a segment's file was replaced. */
  replace(old: SealedSegment, fresh: SealedSegment): void {
    this.#segments.splice(this.#segments.indexOf(old), 1, fresh);
    this.#bytes += fresh.bytes - old.bytes;
    this.#state.save({ segments: [fresh], epochs: this.#epochs.all.map(({ record }) => record) });
  }

  /** Unlinks what is applied. The newest sealed one stays: a restart knows from it which messages devices may send again. */
  unlinkApplied(changed?: Epoch): void {
    const gone = this.#segments.slice(0, -1).filter(({ epoch, firstSeq, lastSeq }) => {
      return (
        lastSeq < firstSeq || this.#epochs.find(epoch)?.applied.covers(firstSeq, lastSeq) === true
      );
    });
    for (const { epoch, facts } of gone) this.#epochs.find(epoch)?.addShed(shedOf(facts.shed));
    const epochs = new Set([...gone.map(({ epoch }) => this.#epochs.find(epoch)), changed]);
    const records = [...epochs].flatMap((epoch) => (epoch === undefined ? [] : [epoch.record]));
    if (records.length === 0) return;
    const change = { epochs: records, segments: gone.map((each) => ({ ...each, isGone: true })) };
    try {
      this.#state.save(change);
    } catch (error) {
      const [oldest] = gone;
      if (!isOutOfRoom(error) || oldest === undefined) throw error;
      // Its room is enough for the note. A crash between the two costs a report of damage to what is applied.
      removeSegment(this.#directory, oldest);
      this.#state.save(change);
    }
    for (const each of gone) {
      removeSegment(this.#directory, each);
      this.#bytes -= each.bytes;
      this.#segments.splice(this.#segments.indexOf(each), 1);
    }
    if (gone.length > 0) this.#state.save({ forget: gone.map(({ number }) => number) });
  }
}
