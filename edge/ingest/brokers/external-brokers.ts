/** The depot's brokers together: opened and closed together, and found by the name that their messages have as `source`. */
import { TallyError } from '#shared/errors.ts';

import type { BrokerConfig } from './brokers-config.ts';
import { openExternalBroker, type ExternalBrokerOptions } from './external-broker.ts';
import type { Accept, ExternalBroker } from '../ingest.ts';

export class ExternalBrokers implements AsyncDisposable {
  readonly #configs: readonly BrokerConfig[];
  readonly #options: Omit<ExternalBrokerOptions, 'config' | 'accept'>;
  readonly #open: ExternalBroker[] = [];

  constructor(
    configs: readonly BrokerConfig[],
    options: Omit<ExternalBrokerOptions, 'config' | 'accept'>,
  ) {
    this.#configs = configs;
    this.#options = options;
  }

  /** Those that are open, in the order of the config. */
  get all(): readonly ExternalBroker[] {
    return this.#open;
  }

  /** Connects to each of them; all feed the same `accept`. */
  open(accept: Accept): void {
    for (const config of this.#configs)
      this.#open.push(openExternalBroker({ ...this.#options, config, accept }));
  }

  /**
   * Publishes a command with QoS 0 where its source is connected, and forgets it where it is not, or where it is no
   * broker of these: who answers with a command asks again when it is needed.
   */
  send(command: {
    readonly topic: string;
    readonly payload: Uint8Array;
    readonly source: string | undefined;
  }): void {
    const broker = this.#open.find(({ name }) => name === command.source);
    broker?.publish(command.topic, command.payload, 0).catch((error: unknown) => {
      if (!(error instanceof TallyError)) throw error;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#open.map((broker) => broker[Symbol.asyncDispose]()));
  }
}
