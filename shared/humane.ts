/** Numbers as a person reads them, none wider than a column of the table. */
import prettyBytes from 'pretty-bytes';

/** `0 B`, `812 B`, `1.5 KiB`, `23.4 MiB`. */
export function size(bytes: number): string {
  return prettyBytes(Math.round(bytes), { binary: true });
}

/** `12,345`: whole numbers in full, since somebody may add them up. */
export function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

export function segmentCount(count: number): string {
  return count === 1 ? '1 segment' : `${whole(count)} segments`;
}

/** `0.2`, `37`, `12,345`. */
export function perSecond(value: number): string {
  return value === 0 || value >= 10 ? whole(value) : value.toFixed(1);
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `45 s`, `12 min`, `3 h 5 min`, `9 d 4 h`; the two largest parts. */
export function duration(seconds: number): string {
  const s = Math.round(seconds);
  if (s < MINUTE) return `${s} s`;
  if (s < HOUR) return `${Math.floor(s / MINUTE)} min`;
  if (s < DAY) return parts([Math.floor(s / HOUR), 'h'], [Math.floor((s % HOUR) / MINUTE), 'min']);
  return parts([Math.floor(s / DAY), 'd'], [Math.floor((s % DAY) / HOUR), 'h']);
}

/** `2.1 ms`, `340 ms`, `1.5 s`. */
export function latency(ms: number): string {
  if (ms >= 999.5) return `${(ms / 1000).toFixed(1)} s`;
  return `${ms >= 10 ? Math.round(ms) : ms.toFixed(1)} ms`;
}

function parts(...values: readonly (readonly [number, string])[]): string {
  return values
    .filter(([value]) => value > 0)
    .map(([value, unit]) => `${value} ${unit}`)
    .join(' ');
}
