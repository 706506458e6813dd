import type { Event } from '#shared/event.ts';

import type { Facts } from './sample-facts.ts';

/** Tells the events of one message after the other as facts. The datatypes of data are those of the birth before it. */
export class SparkplugFacts {
  readonly #datatypes = new Map<string, string>();

  of(events: readonly Event[]): Facts {
    const attributes: Record<string, string> = Object.assign(
      {},
      // The first event is that of the one who sent it.
      ...events.map((event) => event.attributes ?? {}).toReversed(),
    ) as Record<string, string>;
    const told = JSON.parse(attributes['datatypes'] ?? '{}') as Record<string, string>;
    for (const [name, type] of Object.entries(told)) this.#datatypes.set(name, type);
    const metrics = events.flatMap((event) =>
      event.kind !== 'reading'
        ? []
        : event.readings.map(({ name, value }) => ({
            name,
            value,
            datatype: this.#datatypes.get(name),
            eventTime: new Date(event.eventTimeMs).toISOString(),
          })),
    );
    const { bdSeq, timestamp } = attributes;
    const ofDeath = { name: 'bdSeq', value: bdSeq, datatype: 'UInt64', eventTime: timestamp };
    const online = events.find((event) => event.kind === 'status')?.online;
    // Of a device the attribute says; of a node there is none.
    const { deviceId } = events[0]?.attributes ?? {};
    return { ...attributes, deviceId, online, metrics: bdSeq === undefined ? metrics : [ofDeath] };
  }
}
