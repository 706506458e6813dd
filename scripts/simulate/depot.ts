/** A small depot, made up: what its devices would publish next. Deterministic for a given `random`. */
import { gs1CheckDigit } from '#shared/parcel-id.ts';

export type Publish = { readonly topic: string; readonly payload: string };

type Parcel = { readonly label: string; scans: number };
type Truck = {
  readonly id: string;
  lat: number;
  lon: number;
  headingDeg: number;
  speedKmh: number;
};
type Handheld = {
  readonly id: string;
  readonly readPoint: string;
  readonly operator: string;
  seq: number;
};

const HANDHELDS = 12;
const TRUCKS = 6;
const SENSORS = 4;
/** A parcel is scanned this often on its way through the depot. */
const SCANS_A_PARCEL = 4;
const PARCELS_AROUND = 200;
/** Scans of the shown parcel, out of one. */
const SHOWN_SHARE = 0.05;
const SHIPPERS = ['0471297889', '0436206860', '1481331551'] as const;
/** Out of a hundred messages: the rest are scans. */
const SHARE = { position: 25, reading: 8, status: 2 } as const;
const DEGREES_A_KM = 1 / 111;

/** A parcel that the depot scans now and then: something to look for. */
export const SHOWN_PARCEL = '047129788900000013';

export class Depot {
  readonly #random: () => number;
  readonly #now: () => number;
  readonly #handhelds: readonly Handheld[];
  readonly #trucks: readonly Truck[];
  readonly #parcels: Parcel[] = [];
  #serial = 0;

  constructor(options: { readonly random: () => number; readonly now: () => number }) {
    this.#random = options.random;
    this.#now = options.now;
    this.#serial = Math.floor(options.random() * 1_000_000);
    this.#handhelds = Array.from({ length: HANDHELDS }, (_, i) => ({
      id: `ring-${1001 + i}`,
      readPoint: `dock-${String(1 + (i % 8)).padStart(2, '0')}`,
      operator: `op-${201 + i}`,
      seq: 0,
    }));
    this.#trucks = Array.from({ length: TRUCKS }, (_, i) => ({
      id: `truck-${301 + i}`,
      lat: 52.4 + i * 0.05,
      lon: 13.1 + i * 0.07,
      headingDeg: i * 60,
      speedKmh: 50,
    }));
  }

  next(): Publish {
    const roll = this.#random() * 100;
    if (roll < SHARE.position) return this.#position();
    if (roll < SHARE.position + SHARE.reading) return this.#reading();
    if (roll < SHARE.position + SHARE.reading + SHARE.status) return this.#status();
    return this.#scan();
  }

  #scan(): Publish {
    const handheld = this.#pick(this.#handhelds);
    const parcel = this.#parcel();
    handheld.seq++;
    return {
      topic: `scan/${handheld.id}`,
      payload: JSON.stringify({
        time: new Date(this.#now()).toISOString(),
        data: parcel.label,
        symbology: ']C1',
        readPoint: handheld.readPoint,
        operator: handheld.operator,
        seq: handheld.seq,
      }),
    };
  }

  #position(): Publish {
    const truck = this.#pick(this.#trucks);
    truck.speedKmh = Math.min(90, Math.max(0, truck.speedKmh + (this.#random() - 0.5) * 20));
    truck.headingDeg = (truck.headingDeg + (this.#random() - 0.5) * 40 + 360) % 360;
    const km = truck.speedKmh / 3600;
    truck.lat += Math.cos((truck.headingDeg * Math.PI) / 180) * km * DEGREES_A_KM;
    truck.lon += Math.sin((truck.headingDeg * Math.PI) / 180) * km * DEGREES_A_KM;
    return {
      topic: `position/${truck.id}`,
      payload: JSON.stringify({
        time: Math.floor(this.#now() / 1000),
        lat: rounded(truck.lat, 6),
        lon: rounded(truck.lon, 6),
        speedKmh: rounded(truck.speedKmh, 1),
        headingDeg: Math.floor(truck.headingDeg),
        satellites: 8 + Math.floor(this.#random() * 5),
        hdop: rounded(0.8 + this.#random() * 0.5, 1),
      }),
    };
  }

  #reading(): Publish {
    return {
      topic: `reading/cold-${1 + Math.floor(this.#random() * SENSORS)}`,
      payload: JSON.stringify({
        time: this.#now(),
        readings: [
          { name: 'temperature', value: rounded(3 + this.#random() * 2, 2), unit: 'CEL' },
          { name: 'humidity', value: rounded(60 + this.#random() * 10, 1), unit: 'P1' },
        ],
      }),
    };
  }

  #status(): Publish {
    const handheld = this.#pick(this.#handhelds);
    return {
      topic: `status/${handheld.id}`,
      payload: JSON.stringify({
        time: this.#now(),
        online: true,
        batteryPct: 40 + Math.floor(this.#random() * 60),
      }),
    };
  }

  /** A parcel on its way: a new one, or one that was scanned before. */
  #parcel(): Parcel {
    if (this.#parcels.length < PARCELS_AROUND)
      this.#parcels.push({ label: this.#label(), scans: 0 });
    if (this.#random() < SHOWN_SHARE) return { label: `(00)${SHOWN_PARCEL}`, scans: 0 };
    const index = Math.floor(this.#random() * this.#parcels.length);
    const parcel = this.#parcels[index] ?? { label: this.#label(), scans: 0 };
    if (++parcel.scans >= SCANS_A_PARCEL) this.#parcels.splice(index, 1);
    return parcel;
  }

  #label(): string {
    const digits = this.#pick(SHIPPERS) + String(++this.#serial % 10_000_000).padStart(7, '0');
    return `(00)${digits}${gs1CheckDigit(digits)}`;
  }

  #pick<T>(from: readonly [T, ...T[]] | readonly T[]): T {
    const item = from[Math.floor(this.#random() * from.length)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
