export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** The value that `share` of the values do not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Four digits: more is noise. */
export function round(value: number): number {
  return Number(value.toPrecision(4));
}
