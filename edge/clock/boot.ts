/** The boot of the machine that events are stamped in. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** A boot, and the time in it. */
export type Boot = {
  /** 12 hexadecimal digits. */
  readonly bootId: string;
  /** Milliseconds since it, as of the call: goes on from one process of the boot to the next. */
  monotonicMs(): number;
};

const BOOT_ID_FILE = '/proc/sys/kernel/random/boot_id';
const BOOT_ID_BYTES = 6;
const NS_PER_MS = 1e6;

/**
 * The boot we run in. Where the kernel does not tell its id, which is anywhere but on Linux, each process counts as a
 * boot of its own: its times are then corrected only by what it came to know itself.
 */
export async function readBoot(
  readId: () => Promise<string> = () => readFile(BOOT_ID_FILE, 'utf8'),
): Promise<Boot> {
  return {
    bootId: (await kernelBootId(readId)) ?? randomBytes(BOOT_ID_BYTES).toString('hex'),
    // CLOCK_MONOTONIC, which Linux counts from the boot. It is slewed with the wall clock, so the two do not drift apart.
    monotonicMs: () => Number(process.hrtime.bigint()) / NS_PER_MS,
  };
}

async function kernelBootId(readId: () => Promise<string>): Promise<string | undefined> {
  try {
    const digits = (await readId()).trim().replaceAll('-', '').toLowerCase();
    return /^[0-9a-f]{32}$/u.test(digits) ? digits.slice(0, 2 * BOOT_ID_BYTES) : undefined;
  } catch {
    // No such file: another system, or a sandbox that hides it.
    return undefined;
  }
}
