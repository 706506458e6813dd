/** The sums of two counts by rule. */
export function addCounts(
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
): Record<string, number> {
  const total: Record<string, number> = { ...a };
  for (const [rule, count] of Object.entries(b)) total[rule] = (total[rule] ?? 0) + count;
  return total;
}
