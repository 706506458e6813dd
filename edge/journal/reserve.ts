/** Room set aside on the disk, so that a journal on a full one can still be opened, drained and unlinked (G7). */
import { rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The state, a segment's shared memory and a few pages of its log. */
const RESERVE_BYTES = 1024 * 1024;
const REFILL_FREE_BYTES_MIN = 2 * RESERVE_BYTES;

function reservePath(directory: string): string {
  return join(directory, 'reserve');
}

/** What `open` gives; where the disk has no room for it, with the reserve given up first. */
export function openOnReserve<T>(directory: string, open: () => T): T {
  try {
    return open();
  } catch (error) {
    if (
      !isOutOfRoom(error) ||
      statSync(reservePath(directory), { throwIfNoEntry: false }) === undefined
    )
      throw error;
    rmSync(reservePath(directory), { force: true });
    return open();
  }
}

/** Sets the room aside, if it is not and there is enough: real bytes, not a hole. */
export function refillReserve(directory: string): void {
  if (statSync(reservePath(directory), { throwIfNoEntry: false })?.size === RESERVE_BYTES) return;
  const { bavail, bsize } = statfsSync(directory);
  // What little room there is belongs to draining.
  if (bavail * bsize < REFILL_FREE_BYTES_MIN) return;
  try {
    writeFileSync(reservePath(directory), Buffer.alloc(RESERVE_BYTES, 0xa5));
  } catch {
    // The disk is full: there will be room when segments have been unlinked.
    rmSync(reservePath(directory), { force: true });
  }
}

/** SQLite says "disk I/O error" too when it cannot grow its shared memory. */
function isOutOfRoom(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string')
    return false;
  return (
    error.code === 'SQLITE_FULL' ||
    error.code.startsWith('SQLITE_IOERR') ||
    error.code === 'ENOSPC' ||
    error.code === 'SQLITE_CANTOPEN'
  );
}
