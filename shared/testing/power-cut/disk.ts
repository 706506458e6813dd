/**
 * A disk behind a page cache: what a recording left on it for certain, and what else may be there when the power goes.
 *
 * The model, as hard as a journaling file system (ext4, XFS, btrfs with barriers) can be on a program, not harder:
 * - A sync of a file brings its bytes, its size and its own name to the disk, with the directories above it. POSIX
 *   promises the name only after a sync of the directory; all three file systems give it.
 * - A sync of a directory brings every name in it to the disk, and the removal of every name that was removed.
 * - A sync covers what was done before it began, on that file alone; other files gain nothing by it.
 * - Of what no sync covers, any part may be on the disk: each page of each write on its own, in any order; of the page that was
 *   being written, the first so many sectors. An older version of a page may be there, never a mix of two but for that.
 * - A name comes or goes as a whole, a rename too. Names that differ come and go in any order; of the changes to one
 *   name, an earlier one is never missing where a later one is there.
 * - What the disk has taken it keeps: it does not lie about a sync, and no bit decays.
 */
import { must } from '#shared/assert.ts';

import { applied, pageParts, WHOLE, type FileChange, type Survival } from './file-changes.ts';
import type { Operation } from './recording.ts';

/** Which of the changes of names survive. */
export type NameSurvival = (change: { readonly at: number }) => boolean;

/** What a directory holds: by path, the bytes of files, and `undefined` for directories. */
export type Tree = ReadonlyMap<string, Buffer | undefined>;

type Inode = { readonly isDirectory: boolean; content: Buffer; changes: FileChange[] };

/** What paths lead to after it; a path without an inode to nothing. */
type NameChange = {
  readonly at: number;
  readonly sets: readonly (readonly [path: string, inode: Inode | undefined])[];
};

export class Disk {
  /** As the process sees them. */
  readonly #names = new Map<string, Inode>([['', directoryInode()]]);
  /** As they are on the disk for certain. */
  readonly #durableNames = new Map<string, Inode>(this.#names);
  #nameChanges: NameChange[] = [];
  readonly #open = new Map<number, { readonly inode: Inode; readonly path: string }>();
  #at = 0;

  /** How many operations there were. */
  get at(): number {
    return this.#at;
  }

  /** Does the next operation of the recording. */
  apply(operation: Operation): void {
    const at = this.#at++;
    switch (operation.kind) {
      case 'open':
        this.#openFile(at, operation);
        return;
      case 'close':
        this.#open.delete(operation.fd);
        return;
      case 'write':
        this.#inodeOf(operation.fd).changes.push(
          ...pageParts(at, operation.offset, operation.bytes),
        );
        return;
      case 'truncate':
      case 'grow':
        this.#inodeOf(operation.fd).changes.push({
          kind: operation.kind,
          at,
          size: operation.size,
        });
        return;
      case 'sync':
        this.#sync(operation);
        return;
      case 'rename':
        this.#rename(at, operation);
        return;
      case 'mkdir':
        this.#setNames(at, [[operation.path, directoryInode()]]);
        return;
      case 'unlink':
      case 'rmdir':
        this.#setNames(at, [[operation.path, undefined]]);
        break;
      case 'said':
        // It is on no disk.
        break;
    }
  }

  /** The changes that no sync covers, in the order in which they were made. */
  unsynced(): FileChange[] {
    const inodes = new Set([...this.#names.values(), ...this.#durableNames.values()]);
    return [...inodes].flatMap(({ changes }) => changes).sort((a, b) => a.at - b.at);
  }

  /** What the disk holds when this and that survives; all of it by default. */
  tree(bytes: Survival = WHOLE, names: NameSurvival = () => true): Tree {
    const paths = new Map(this.#durableNames);
    const lost = new Set<string>();
    for (const change of this.#nameChanges) {
      const touched = change.sets.flatMap(([path]) => [path, ...parentsOf(path)]);
      const isKept = names(change) && !touched.some((path) => lost.has(path));
      for (const [path, inode] of change.sets) {
        if (!isKept) lost.add(path);
        else if (inode === undefined) paths.delete(path);
        else paths.set(path, inode);
      }
    }
    return new Map(
      [...paths]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([path, { isDirectory, content, changes }]) => [
          path,
          isDirectory ? undefined : applied(content, changes, bytes),
        ]),
    );
  }

  #openFile(
    at: number,
    { fd, path, mayCreate, truncates }: Extract<Operation, { kind: 'open' }>,
  ): void {
    const known = this.#names.get(path);
    if (known === undefined && !mayCreate) {
      throw new RangeError(`the recording opens "${path}", which was there before it began`);
    }
    const inode = known ?? { isDirectory: false, content: Buffer.alloc(0), changes: [] };
    if (known === undefined) this.#setNames(at, [[path, inode]]);
    else if (truncates) inode.changes.push({ kind: 'truncate', at, size: 0 });
    this.#open.set(fd, { inode, path });
  }

  #inodeOf(fd: number): Inode {
    return must(this.#open.get(fd), `the open file ${fd}`).inode;
  }

  #setNames(at: number, sets: NameChange['sets']): void {
    this.#nameChanges.push({ at, sets });
    for (const [path, inode] of sets) {
      if (inode === undefined) this.#names.delete(path);
      else this.#names.set(path, inode);
    }
  }

  #rename(at: number, { path, to }: Extract<Operation, { kind: 'rename' }>): void {
    const inode = must(this.#names.get(path), `what is renamed, "${path}"`);
    if (inode.isDirectory) throw new RangeError(`a directory is renamed, "${path}"`);
    this.#setNames(at, [
      [path, undefined],
      [to, inode],
    ]);
  }

  #sync({ fd, covers }: Extract<Operation, { kind: 'sync' }>): void {
    const { inode, path } = must(this.#open.get(fd), `the open file ${fd}`);
    const isCovered = ({ at }: { at: number }): boolean => at < covers;
    inode.content = applied(inode.content, inode.changes.filter(isCovered), WHOLE);
    inode.changes = inode.changes.filter((change) => !isCovered(change));
    this.#settleNames(
      ({ at, sets }) =>
        at < covers &&
        sets.some(
          ([name, target]) => target === inode || (inode.isDirectory && parentOf(name) === path),
        ),
    );
  }

  /** Brings changes of names to the disk, and those that they build on. */
  #settleNames(isSettled: (change: NameChange) => boolean): void {
    const needed = new Set<string>();
    const left: NameChange[] = [];
    const settled: NameChange[] = [];
    for (const change of this.#nameChanges.toReversed()) {
      if (!isSettled(change) && !change.sets.some(([path]) => needed.has(path))) {
        left.unshift(change);
        continue;
      }
      for (const [path] of change.sets)
        [path, ...parentsOf(path)].forEach((each) => needed.add(each));
      settled.unshift(change);
    }
    for (const [path, inode] of settled.flatMap(({ sets }) => sets)) {
      if (inode === undefined) this.#durableNames.delete(path);
      else this.#durableNames.set(path, inode);
    }
    this.#nameChanges = left;
  }
}

function directoryInode(): Inode {
  return { isDirectory: true, content: Buffer.alloc(0), changes: [] };
}

/** `undefined` for the recorded directory itself. */
function parentOf(path: string): string | undefined {
  if (path === '') return undefined;
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}

function parentsOf(path: string): string[] {
  const parent = parentOf(path);
  return parent === undefined || parent === '' ? [] : [parent, ...parentsOf(parent)];
}
