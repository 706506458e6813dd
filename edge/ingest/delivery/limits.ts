/** How much may wait for subscribers, and for how long (G7). */

export type DeliveryLimits = {
  /** Sessions whose device is away. Beyond it the one that has been away longest is ended. */
  readonly sessionsAwayMax: number;
  /** How long a device may be away before its session is ended. */
  readonly sessionAwayMs: number;
  /** Of one session. Another one is refused with 0x80. */
  readonly subscriptionsPerSessionMax: number;
  readonly subscriptionsMax: number;
  /** QoS 1 and 2 messages that wait for one session. Beyond it the oldest that was not sent goes. */
  readonly queueMessagesMax: number;
  readonly queueBytesMax: number;
  /** Of all sessions. Beyond it sessions of devices that are away are ended; if there is none, the message goes. */
  readonly queuedBytesMax: number;
  /** QoS 1 and 2 messages that were sent to a device and are not acknowledged. The next ones wait. */
  readonly inFlightMax: number;
  /** Written to a device and not taken by it. Beyond it QoS 0 messages go, and the others wait. */
  readonly outputBytesMax: number;
  /** How long a device may take nothing of what is written to it. */
  readonly stallMs: number;
  /** Beyond it a message is handed on, and not retained. */
  readonly retainedMax: number;
  readonly retainedBytesMax: number;
  /** By the client id that published them last. */
  readonly retainedPerClientMax: number;
};

/** For a depot: some thousand devices, most of which never subscribe. */
export const DEPOT_LIMITS: DeliveryLimits = {
  sessionsAwayMax: 10_000,
  sessionAwayMs: 24 * 60 * 60 * 1000,
  subscriptionsPerSessionMax: 100,
  subscriptionsMax: 50_000,
  queueMessagesMax: 1000,
  queueBytesMax: 4 * 1024 * 1024,
  queuedBytesMax: 64 * 1024 * 1024,
  inFlightMax: 64,
  outputBytesMax: 1024 * 1024,
  stallMs: 30_000,
  retainedMax: 10_000,
  retainedBytesMax: 16 * 1024 * 1024,
  retainedPerClientMax: 1000,
};
