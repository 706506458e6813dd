/** What one client, one address and all together may do to the broker (G7, S7, S8). */
export type Limits = {
  /** Of all together; ten times as many at once. */
  readonly connectsPerSecond: number;
  /** From one address, which is not of this machine. */
  readonly addressConnectsPerSecond: number;
  readonly addressConnectBurst: number;
  readonly addressConnectionsMax: number;
  /** Of one client: beyond them it is not read for a while, so that TCP slows it down. Nothing is dropped. */
  readonly messagesPerSecond: number;
  /** Topics and payloads. */
  readonly bytesPerSecond: number;
  /** A client that is silent for one and a half times as long is closed, whatever it has asked for. */
  readonly keepAliveSecondsMax: number;
};

const MEBIBYTE = 1024 * 1024;

export const DEFAULT_LIMITS: Limits = {
  connectsPerSecond: 1000,
  addressConnectsPerSecond: 20,
  addressConnectBurst: 50,
  addressConnectionsMax: 500,
  messagesPerSecond: 20_000,
  bytesPerSecond: 32 * MEBIBYTE,
  // The longest that MQTT knows: for those who ask for none.
  keepAliveSecondsMax: 65_535,
};
