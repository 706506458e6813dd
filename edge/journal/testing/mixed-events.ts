/** Events of all kinds and many sizes, the same for the same seed. */
import type { Event } from '#shared/event.ts';
import type { Seeded } from '#shared/testing/power-cut/seeded.ts';

const KINDS = ['scan', 'position', 'reading', 'status', 'raw'] as const;
const DEVICES = 7;
const LONG_BYTES = 9000;

export class MixedEvents {
  readonly #chance: Seeded;
  #count = 0;

  constructor(chance: Seeded) {
    this.#chance = chance;
  }

  /** The next few. */
  take(count: number): Event[] {
    return Array.from({ length: count }, () => this.next());
  }

  next(kind = KINDS[this.#chance.below(KINDS.length)] ?? 'scan'): Event {
    const deviceSeq = ++this.#count;
    const receiveTimeMs = 1_764_000_000_000 + deviceSeq;
    const deviceId = `device-${this.#chance.below(DEVICES)}`;
    const base = {
      deviceId,
      eventTimeMs: receiveTimeMs,
      receiveTimeMs,
      timeQuality: 'receive',
    } as const;
    // Now and then one that is longer than a page.
    const bytes = this.#chance.chance(0.01) ? LONG_BYTES : this.#chance.below(300);
    const text = `${deviceSeq}-${'x'.repeat(bytes)}`;
    switch (kind) {
      case 'scan':
        return { kind, ...base, data: text, parcelId: text, deviceSeq };
      case 'position':
        return { kind, ...base, lat: this.#chance.number(), lon: deviceSeq };
      case 'reading':
        return { kind, ...base, readings: [{ name: 'text', value: text }] };
      case 'status':
        return { kind, ...base, online: true, batteryPct: deviceSeq % 100 };
      default:
        return {
          kind,
          ...base,
          reason: 'body: not understood',
          topic: 't',
          payload: new TextEncoder().encode(text),
        };
    }
  }
}
