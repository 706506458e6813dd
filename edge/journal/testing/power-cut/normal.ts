/** The mutation that the power-cut test must notice: a journal with `synchronous=NORMAL`. */
import type { Operation } from '#shared/testing/power-cut/recording.ts';

const WAL_HEADER_BYTES = 32;

/**
 * The recording as it were with NORMAL, which syncs a log only before it is copied into the database and after its first
 * bytes (https://www.sqlite.org/pragma.html#pragma_synchronous). Nothing moves: a sync that is left out becomes one
 * that covers nothing.
 */
export function withoutCommitSyncs(operations: readonly Operation[]): Operation[] {
  const paths = new Map<number, string>();
  /** By log, its sync that nothing has followed yet. */
  const syncs = new Map<string, number>();
  const isKept = new Set<number>();
  const beginsLog = new Set<string>();
  const logSyncs: number[] = [];
  for (const [at, operation] of operations.entries()) {
    if (operation.kind === 'open') paths.set(operation.fd, operation.path);
    const path = 'fd' in operation ? (paths.get(operation.fd) ?? '') : '';
    if (operation.kind === 'write') {
      // Into the database: what went before was the sync of a checkpoint.
      isKept.add(syncs.get(`${path}-wal`) ?? -1);
      syncs.delete(`${path}-wal`);
      beginsLog.delete(path);
      const isHeader = operation.offset === 0 && operation.bytes.length === WAL_HEADER_BYTES;
      if (isHeader) beginsLog.add(path);
      syncs.delete(path);
    }
    if (operation.kind !== 'sync' || !path.endsWith('-wal')) continue;
    logSyncs.push(at);
    syncs.set(path, at);
    if (beginsLog.has(path)) isKept.add(at);
  }
  const leftOut = new Set(logSyncs.filter((at) => !isKept.has(at)));
  return operations.map((operation, at) =>
    operation.kind === 'sync' && leftOut.has(at) ? { ...operation, covers: 0 } : operation,
  );
}
