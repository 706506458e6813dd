/**
 * The `.tally` file: what a journal still holds, as one file that is carried on a stick and sent later.
 *
 * ```
 *   prefix │ header │ frame 0 │ frame 1 │ … │ frame n-1 │ manifest │ seal
 *   12         ▲ JSON    ▲ one wire batch        JSON ▲          ▲ where the manifest is, signature; fixed size
 *
 *   prefix = 89 'TALLY' 0D 0A │ format: u32
 *   record = mark A7 'TLY' │ type: u8 │ length: u32 │ body │ chain: 32 bytes
 *   chain  = SHA-256(header's chain │ chain of the record before │ mark │ type │ length │ body)
 *            of the header: SHA-256(SHA-256(prefix) │ mark │ type │ length │ body)
 *   frame  = number │ first seq │ span │ events (varints) │ epoch │ batch
 *            number │ first seq │ span │ events │ epoch │ ephemeral key │ encrypted batch │ tag
 * ```
 * The second form of a frame is for a recipient. Numbers are little-endian. Each record carries its chain, so that each
 * can be checked as it is read, where it is. The header is in every chain: a record that somebody hid in the payload of
 * an event is none of this file.
 *
 * Use
 * - `writeTallyFile(options)` of `write-tally-file.ts` makes a file, or goes on with one.
 * - `openTallyFile`, `salvageTallyFile` and `verifyTallyFile(path, options)` of `read-tally-file.ts` read one: a whole
 *   one, what is whole of a damaged one, all of it to list what is wrong.
 * - `keys.ts` reads, makes and writes the keys, and tells their fingerprints: `SHA256:` and base64url.
 *
 * Promises
 * - Whole: a file has its manifest only when everything before it is on the disk. One without is `tally-file-cut`,
 *   and says how many events are whole in it.
 * - Noticed: an altered bit anywhere, a missing or moved frame, bytes after the end are refused, by frame and offset.
 * - Resumable (G8): what is interrupted stays in `FILE.tally.part`; the next run checks what is there, cuts what is
 *   torn, and goes on after the last whole frame. The same frames make the same file, byte for byte, unless it is
 *   encrypted. A `.part` of another journal is refused, and left as it is.
 * - G3 once: a frame is in the file once, in the order of its epoch, however often the writing was interrupted.
 * - G7 bounded: writing and reading hold a few frames, whatever the file's size; lengths are checked before the
 *   memory is taken.
 * - G8 salvage: of a damaged file each frame that is whole can be read; a damaged byte costs at most two frames.
 * - G11 isolation: with an expected signer, no frame is handed out before the whole file is known to be theirs.
 *   Encryption alone keeps events secret; who wrote a file, only the signature says.
 *
 * What is not promised: two writers of one file at the same time. Whoever exports sees to it that there is one.
 *
 * Errors, each a `TallyError` that says what to do next
 * - of the file: `tally-file-unknown` (no .tally file), `-newer` (made by a newer version), `-cut` (it ends before its
 *   manifest), `-altered` (by frame and offset), `-trailing` (bytes behind its end), `-unreadable` (the disk);
 * - of whose it is: `-signature` (not by the expected signer, or by nobody), `-encrypted` (no key, or another);
 * - of writing: `-exists`, `-foreign` (a `.part` of something else), `-write` (the stick was pulled), `disk-full` (with
 *   how much room is missing); `key-unusable`.
 * Frames out of order, keys of the wrong kind and texts that are too long are faults of the program: they throw.
 */
import type { KeyObject } from 'node:crypto';

import type { Accounts } from '#proto/batch/batch.ts';
import type { TallyError } from '#shared/errors.ts';
import type { Range } from '#shared/ranges.ts';

/** The version of the format that this code writes, and the newest that it reads. */
export const TALLY_FORMAT = 1;

/** Whose journal it is. */
export type TallyHeader = {
  readonly site: string;
  readonly gateway: string;
  /**
   * What tells this journal, and what is taken of it, from any other, in at most 4096 characters: a resume must find
   * the same text.
   */
  readonly journal: string;
  /** When the export began, by the clock of the machine that made it. */
  readonly madeAtMs: number;
  /** The version of Tallyport that made it. */
  readonly tool: string;
  /** The fingerprint of the key that the events are encrypted for. */
  readonly recipient?: string;
};

/** One wire batch, as it would be published. */
export type TallyFrame = {
  readonly epoch: string;
  /** Both included; as in the batch. */
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** How many events the batch has: the range less what was shed. */
  readonly events: number;
  /** The bytes of `encodeBatch`. */
  readonly bytes: Uint8Array;
};

/** A place in the journal: after this event; `seq` 0 is before the first of the epoch. */
export type TallyPosition = { readonly epoch: string; readonly seq: number };

/** How many events are not in the file, in how many ranges, for one reason. */
export type MissingCount = {
  readonly reason: string;
  readonly ranges: number;
  readonly events: number;
};

/** What only the journal knows of an epoch. */
export type EpochFacts = {
  readonly epoch: string;
  readonly accounts?: Accounts;
  readonly shed: readonly MissingCount[];
  readonly lost: readonly MissingCount[];
};

/** Something that the export could not read: `segment-0007.db`, `checksum of the commit at 4096`. */
export type Unreadable = { readonly what: string; readonly why: string };

/** What the exporter adds to the manifest when all frames are written. */
export type ManifestFacts = {
  readonly epochs: readonly EpochFacts[];
  readonly unreadable: readonly Unreadable[];
};

/** An epoch as the file holds it. */
export type ManifestEpoch = EpochFacts & {
  readonly events: number;
  /** 0 when the file has no event of it. */
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** What the frames cover, as events or as shed; ascending. The first 100 000 of the file. */
  readonly ranges: readonly Range[];
  /** How many ranges there are, listed or not. */
  readonly rangeCount: number;
};

/** What is in the file, and what is not. */
export type TallyManifest = {
  readonly frames: number;
  readonly events: number;
  /** Of everything before the manifest. */
  readonly bytes: number;
  /** The chain, hexadecimal, of everything before the manifest. */
  readonly chain: string;
  readonly epochs: readonly ManifestEpoch[];
  /** The first 1000, each text cut at 1000 characters. */
  readonly unreadable: readonly Unreadable[];
  readonly unreadableCount: number;
};

/** How far it is; called after each frame. `checking` is what an earlier run has left, or what is being verified. */
export type TallyProgress = {
  readonly phase: 'checking' | 'writing';
  readonly frames: number;
  readonly events: number;
  readonly bytes: number;
};

/** What to write, where to, for whom. */
export type WriteTallyFileOptions = {
  /** `FILE.tally`: must not exist. Until all is written there is `FILE.tally.part`. */
  readonly path: string;
  readonly header: Omit<TallyHeader, 'recipient'>;
  /**
   * The frames, from the start or after what an earlier run has left: one epoch after the other, ascending and
   * disjoint within each. It ends, or throws, when the signal below is aborted. Batches without events that cover
   * nothing (heartbeats) come again when they follow that place; of those at one place the first is kept.
   */
  readonly source: (resumeAfter: TallyPosition | undefined) => AsyncIterable<TallyFrame>;
  /** Called once, after the last frame. */
  readonly manifestOf: () => ManifestFacts | Promise<ManifestFacts>;
  /** The gateway's Ed25519 private key. */
  readonly signWith?: KeyObject | undefined;
  /** The cloud's X25519 public key. */
  readonly encryptFor?: KeyObject | undefined;
  /** About how long the file will be, to say how much room is missing when the disk is full. */
  readonly bytesExpected?: number | undefined;
  readonly onProgress?: ((progress: TallyProgress) => void) | undefined;
  /** Aborting keeps what is written, and rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
};

/** What was written. */
export type TallyFileWritten = {
  /** As in the file: of a resumed one, the header of the first run. */
  readonly header: TallyHeader;
  readonly manifest: TallyManifest;
  /** The fingerprint of the key that signed it. */
  readonly signer: string | undefined;
  readonly bytes: number;
  /** After which event this run went on; undefined when it began. */
  readonly resumedAfter: TallyPosition | undefined;
  /** What was torn or altered at the end of the `.part`, and was cut off. */
  readonly bytesCut: number;
};

/** With which keys a file is read. */
export type ReadTallyFileOptions = {
  /** The cloud's X25519 private key. Without it the frames of an encrypted file are counted, not read. */
  readonly decryptWith?: KeyObject | undefined;
  /** The Ed25519 public key whose signature the file must bear. */
  readonly signedBy?: KeyObject | undefined;
  /** Aborting rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
};

/** An open file that has its manifest. */
export type TallyFile = AsyncDisposable & {
  readonly header: TallyHeader;
  readonly manifest: TallyManifest;
  /** The fingerprint of the key whose signature it bears, checked; undefined when it is not signed. */
  readonly signer: string | undefined;
  readonly bytes: number;
  /**
   * The frames in order, each checked before it is handed out, and at the end all of them against the manifest.
   * Ends with the error of the first that is not whole. Each call begins at the first frame.
   */
  frames(): AsyncGenerator<TallyFrame>;
};

/** A file that may be damaged or cut. */
export type SalvagedTallyFile = AsyncDisposable & {
  readonly header: TallyHeader;
  /** The frames that are whole; calls `onProblem` for each place where one was not. */
  frames(onProblem: (problem: TallyError) => void): AsyncGenerator<TallyFrame>;
};

/** What was found in a file: it is good when `problems` is empty. */
export type TallyFileReport = {
  readonly header: TallyHeader;
  /** Undefined when the file is cut or the manifest damaged. */
  readonly manifest: TallyManifest | undefined;
  readonly signer: string | undefined;
  /** What is whole. */
  readonly frames: number;
  readonly events: number;
  readonly bytes: number;
  /** Whether the batches were decoded too: not those of an encrypted file without its key. */
  readonly decoded: boolean;
  /** The first 100, in the order of the file. */
  readonly problems: readonly TallyError[];
  readonly problemCount: number;
};
