/**
 * SQLite's write-ahead log, read without SQLite (https://www.sqlite.org/fileformat2.html, 4.1 and 4.2).
 *
 * SQLite takes the first frame whose checksum is wrong for the end of the log and says nothing: one flipped bit hides
 * every commit after it. Each frame's checksum goes on from the one that the frame before *stores*, so a frame can be
 * held against its neighbour alone, and what stands behind a damaged one can be told from what was never written.
 *
 * ```
 *   header │ frame frame frame COMMIT │ frame COMMIT │ frame ✗ frame COMMIT │ older generation …
 *            └──────── committed ────────────────┘   └─ beyond ─────────┘    other salts: nothing
 * ```
 */
export type WalFrame = {
  /** The page that it is a version of. */
  readonly page: number;
  readonly data: Uint8Array;
  /** Written by a commit that is on disk for certain. */
  readonly isCommitted: boolean;
};

export type Wal = {
  readonly pageBytes: number;
  /** In the order of the log; those of an older generation are left out. */
  readonly frames: readonly WalFrame[];
  /**
   * - `whole`: nothing stands behind the last commit, or one that was begun in good order.
   * - `torn`: something stands there that is not in order: a write that a power cut ended, or damage.
   * - `damaged`: a whole commit stands there, or one that another was begun after, so that it had been synced; or the head
   *   of the log cannot be read.
   */
  readonly end: 'whole' | 'torn' | 'damaged';
};

const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const MAGIC = 0x377f0682;
const PAGE_BYTES_DEFAULT = 4096;

type Sum = readonly [number, number];

/** Reads a log; `undefined` for one that holds nothing. */
export function readWal(bytes: Uint8Array): Wal | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER_BYTES + FRAME_HEADER_BYTES) {
    return bytes.length === 0
      ? undefined
      : { pageBytes: PAGE_BYTES_DEFAULT, frames: [], end: 'torn' };
  }
  const head = readHead(view);
  const frameBytes = FRAME_HEADER_BYTES + head.pageBytes;
  const count = Math.floor((bytes.length - HEADER_BYTES) / frameBytes);
  const salts = head.salts ?? saltsOf(view, count, frameBytes);
  const scan = scanFrames(view, {
    count,
    frameBytes,
    littleEndian: head.littleEndian,
    salts,
    first: head.sum,
  });
  const frames = scan.current
    .map((isCurrent, i) => ({ isCurrent, i }))
    .filter(({ isCurrent }) => isCurrent);
  return {
    pageBytes: head.pageBytes,
    frames: frames.map(({ i }) => {
      const at = HEADER_BYTES + i * frameBytes;
      return {
        page: view.getUint32(at),
        data: bytes.subarray(at + FRAME_HEADER_BYTES, at + frameBytes),
        isCommitted: i < scan.committed,
      };
    }),
    end: head.salts === undefined && count > 0 ? 'damaged' : scan.end,
  };
}

type Head = {
  readonly pageBytes: number;
  readonly littleEndian: boolean;
  /** Absent where the header's own checksum does not hold. */
  readonly salts: Sum | undefined;
  readonly sum: Sum | undefined;
};

function readHead(view: DataView): Head {
  const magic = view.getUint32(0);
  const littleEndian = (magic & 1) === 0;
  const sum = sumOf(view, { at: 0, bytes: 24, littleEndian, from: [0, 0] });
  const isSound =
    (magic & ~1) === MAGIC && sum[0] === view.getUint32(24) && sum[1] === view.getUint32(28);
  if (!isSound) {
    return { pageBytes: PAGE_BYTES_DEFAULT, littleEndian: true, salts: undefined, sum: undefined };
  }
  return {
    pageBytes: view.getUint32(8),
    littleEndian,
    salts: [view.getUint32(16), view.getUint32(20)],
    sum,
  };
}

/** The salts that stand in most frames, for a log whose header is lost. */
function saltsOf(view: DataView, count: number, frameBytes: number): Sum {
  const votes = new Map<string, { salts: Sum; count: number }>();
  for (let i = 0; i < count; i++) {
    const at = HEADER_BYTES + i * frameBytes;
    const salts: Sum = [view.getUint32(at + 8), view.getUint32(at + 12)];
    const vote = votes.get(salts.join()) ?? { salts, count: 0 };
    vote.count++;
    votes.set(salts.join(), vote);
  }
  return [...votes.values()].sort((a, b) => b.count - a.count)[0]?.salts ?? [0, 0];
}

function scanFrames(
  view: DataView,
  log: {
    readonly count: number;
    readonly frameBytes: number;
    readonly littleEndian: boolean;
    readonly salts: Sum;
    /** What the first frame's checksum goes on from. */
    readonly first: Sum | undefined;
  },
): {
  readonly current: boolean[];
  readonly committed: number;
  readonly end: 'whole' | 'torn' | 'damaged';
} {
  const current: boolean[] = [];
  let before = log.first;
  let chainEnd: number | undefined;
  /** One past the last frame of the last commit that everything before it vouches for. */
  let committed = 0;
  let end: 'whole' | 'torn' | 'damaged' = 'whole';
  /** Whether a commit that nothing vouches for has been passed. */
  let hasEnded = false;
  for (let i = 0; i < log.count; i++) {
    const at = HEADER_BYTES + i * log.frameBytes;
    const stored: Sum = [view.getUint32(at + 16), view.getUint32(at + 20)];
    const hasSalts =
      view.getUint32(at + 8) === log.salts[0] && view.getUint32(at + 12) === log.salts[1];
    const linked = before !== undefined && isLinked(view, { at, before, stored, ...log });
    const isCommit = view.getUint32(at + 4) !== 0;
    // A frame whose salts are damaged still follows its neighbour, or its successor follows it; it is a candidate.
    current.push(hasSalts || linked);
    if (chainEnd === undefined && !(hasSalts && linked)) chainEnd = i;
    if (chainEnd === undefined) {
      if (isCommit) committed = i + 1;
    } else if (hasSalts) {
      if ((linked && isCommit) || hasEnded) end = 'damaged';
      else if (end === 'whole') end = 'torn';
      hasEnded ||= isCommit;
    }
    before = stored;
  }
  return { current, committed, end };
}

function isLinked(
  view: DataView,
  frame: {
    readonly at: number;
    readonly before: Sum;
    readonly stored: Sum;
    readonly frameBytes: number;
    readonly littleEndian: boolean;
  },
): boolean {
  const { at, littleEndian } = frame;
  const head = sumOf(view, { at, bytes: 8, littleEndian, from: frame.before });
  const sum = sumOf(view, {
    at: at + FRAME_HEADER_BYTES,
    bytes: frame.frameBytes - FRAME_HEADER_BYTES,
    littleEndian,
    from: head,
  });
  return sum[0] === frame.stored[0] && sum[1] === frame.stored[1];
}

function sumOf(
  view: DataView,
  {
    at,
    bytes,
    littleEndian,
    from,
  }: { at: number; bytes: number; littleEndian: boolean; from: Sum },
): Sum {
  let [a, b] = from;
  for (let i = at; i < at + bytes; i += 8) {
    a = (a + view.getUint32(i, littleEndian) + b) >>> 0;
    b = (b + view.getUint32(i + 4, littleEndian) + a) >>> 0;
  }
  return [a, b];
}
