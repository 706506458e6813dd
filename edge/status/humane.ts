/** Numbers as a person reads them, none wider than a column of the table. */

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;
const KIBI = 1024;
const DIGITS = 3;

/** `0 B`, `812 B`, `1.50 KiB`, `23.4 MiB`. */
export function size(bytes: number): string {
  let value = bytes;
  let unit = 0;
  // What would be rounded up to four digits is one of the next unit.
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= KIBI;
    unit++;
  }
  return `${unit === 0 ? Math.round(value) : digits(value)} ${UNITS[unit]}`;
}

/** `12,345`: whole numbers in full, since somebody may add them up. */
export function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
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

/** `2.1 ms`, `340 ms`, `1.50 s`. */
export function latency(ms: number): string {
  if (ms >= 999.5) return `${digits(ms / 1000)} s`;
  return `${ms >= 10 ? Math.round(ms) : ms.toFixed(1)} ms`;
}

function parts(...values: readonly (readonly [number, string])[]): string {
  return values
    .filter(([value]) => value > 0)
    .map(([value, unit]) => `${value} ${unit}`)
    .join(' ');
}

function digits(value: number): string {
  if (value >= 99.95) return String(Math.round(value));
  return value.toFixed(value >= 9.995 ? DIGITS - 2 : DIGITS - 1);
}
