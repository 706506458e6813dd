/** What the writing process of the crash tests does. */
export type WriterPlan = {
  readonly segmentBytesMax: number;
  /** After so many events it closes the journal and ends. */
  readonly eventsMax: number;
  /** Between a group and the next. */
  readonly pauseMs: number;
  /** After each group it tells what is applied, so many events behind, and says `applied <number>` before; never where absent. */
  readonly appliedBehind?: number;
};

export const GROUP_EVENTS_MAX = 64;

/** Events of many sizes, so that groups begin and end anywhere in a page. */
export function paddingOf(deviceSeq: number): number {
  return (deviceSeq * 131) % 400;
}
