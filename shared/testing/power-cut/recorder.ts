/** Records what a process does to the files below a directory: `recorder.c`, compiled when it is needed. */
import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const SOURCE = fileURLToPath(new URL('recorder.c', import.meta.url));

/** Why nothing can be recorded here; `undefined` where it can. */
export function whyNoRecorder(): string | undefined {
  if (process.platform !== 'linux') return 'the recorder knows the system calls of Linux only';
  if (spawnSync('gcc', ['--version'], { stdio: 'ignore' }).status !== 0)
    return 'the recorder is compiled with gcc, which is not here';
  return undefined;
}

/** Compiles the recorder into a directory, and answers the library to preload. */
export async function compileRecorder(directory: string): Promise<string> {
  const library = join(directory, 'recorder.so');
  const flags = ['-shared', '-fPIC', '-O2', '-Wall', '-Wextra', '-Werror', '-pthread'];
  await promisify(execFile)('gcc', [...flags, '-o', library, SOURCE]);
  return library;
}

/** The environment of a process that is recorded. */
export function recordingEnvironment(recorder: {
  readonly library: string;
  /** What is below it is recorded; there, with all symbolic links resolved, and empty. */
  readonly directory: string;
  readonly log: string;
  /** How long a sync takes, as on a disk: a promise that does not wait for it is then seen to be early. */
  readonly syncUs: number;
}): Record<string, string> {
  return {
    LD_PRELOAD: recorder.library,
    POWER_CUT_DIRECTORY: recorder.directory,
    POWER_CUT_LOG: recorder.log,
    POWER_CUT_SYNC_US: String(recorder.syncUs),
    // What goes through a ring of the kernel's is no call that a library could see.
    UV_USE_IO_URING: '0',
  };
}
