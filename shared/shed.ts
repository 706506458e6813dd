/**
 * Why a gateway gave up events that it had acknowledged, as the accounts, the wire and the API name it (G4).
 *
 * - `thinned`: telemetry, positions and readings, of which a full journal kept every n-th of a device;
 * - `telemetry`, `status`, `raw`, `custody`: all that was old of this class, for want of room; the least valuable
 *   class goes first, and custody, the scans, last;
 * - `stored`: was in JetStream already, and given up here before the cloud had applied it; where the stream still
 *   has it, it is applied after all, and then no longer counts as shed;
 * - `damaged`: not given up but lost: the disk no longer gives it back (G8);
 * - `void`: a number that was given to no event.
 *
 * The list is what this version writes. Whoever reads takes any text: another version may have more reasons.
 */
export const SHED_REASONS = [
  'thinned',
  'telemetry',
  'status',
  'raw',
  'custody',
  'stored',
  'damaged',
  'void',
] as const;

export type ShedReason = (typeof SHED_REASONS)[number];

/** The reason that means lost, not given up: what an operator has to hear of. */
export const LOST_REASON = 'damaged' satisfies ShedReason;
