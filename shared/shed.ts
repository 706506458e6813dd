/** Why a gateway gave up events that it had acknowledged, as the accounts and the wire name it. */
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
