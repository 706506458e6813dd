/** A bar with rate and time left, on a terminal, for what takes more than a second; nothing anywhere else. */
import { SingleBar } from 'cli-progress';

/** A bar; disposing takes it off the screen, and may be done twice. */
export type Progress = Disposable & {
  /** How much is done, and what to say beside it. */
  update(done: number, note?: string): void;
};

const QUIET: Progress = { update: () => {}, [Symbol.dispose]: () => {} };
/** What is done sooner needs no bar. */
const PATIENCE_MS = 1000;

/** What is done, and how much of it there is, about. Silent where `quiet` says so, or nobody looks. */
export function startProgress({
  what,
  unit,
  total,
  quiet,
  stream = process.stderr,
}: {
  readonly what: string;
  readonly unit: string;
  readonly total: number;
  readonly quiet: boolean;
  readonly stream?: NodeJS.WriteStream;
}): Progress {
  if (quiet || !stream.isTTY) return QUIET;
  const bar = new SingleBar({
    stream,
    format: `${what} {bar} {percentage}% {rate} ${unit}/s, {eta_formatted} left {note}`,
    hideCursor: true,
    clearOnComplete: true,
    etaBuffer: 50,
    barsize: 20,
  });
  const started = performance.now();
  let isShown = false;
  return {
    update: (done, note = '') => {
      const seconds = (performance.now() - started) / 1000;
      if (!isShown && seconds * 1000 < PATIENCE_MS) return;
      const rate = Math.round(done / Math.max(seconds, 0.001)).toLocaleString('en');
      if (!isShown) bar.start(Math.max(total, done), 0, { rate, note });
      isShown = true;
      bar.update(done, { rate, note });
    },
    [Symbol.dispose]: () => {
      if (isShown) bar.stop();
      isShown = false;
    },
  };
}
