/** One way to get a nats-server from the network. */
export type NatsServerOrigin = {
  /** For people: `the upstream release 2.14.5`. */
  readonly name: string;
  /**
   * Gives the paths of the binaries it got, one at a time, best first; the next one is fetched only when
   * the caller did not like the last. `dir` is empty and the origin's to litter; the caller removes it.
   * What it gives has passed the origin's own check (checksum, signature); everything else throws.
   */
  fetch(dir: string, signal: AbortSignal): AsyncIterable<string>;
};
