/** Trackers and phones, as the benchmark of decode has them. */
import { flespi } from '../../edge/decode/flespi.ts';
import { owntracks } from '../../edge/decode/owntracks.ts';
import { teltonika } from '../../edge/decode/teltonika.ts';
import { teltonikaCodec } from '../../edge/decode/teltonika-codec.ts';
import { traccar } from '../../edge/decode/traccar.ts';
import { messages, START_MS, time, type DecodeCase } from './decode-case.ts';

const lat = (i: number): number => 52.5 + i / 1e5;
const lon = (i: number): number => 13.25 + i / 1e5;

export const TRACKER_CASES: readonly DecodeCase[] = [
  {
    name: 'owntracks',
    format: owntracks,
    topic: 'owntracks/jane/phone',
    payloads: messages((i) => ({
      _type: 'location',
      tst: START_MS / 1000 + i,
      lat: lat(i),
      lon: lon(i),
      acc: 5,
      alt: 34,
      vel: 42,
      cog: i,
      batt: 80,
      t: 'u',
      tid: 'jp',
      conn: 'm',
      created_at: START_MS / 1000 + i + 1,
    })),
  },
  {
    name: 'traccar',
    format: traccar,
    topic: 'traccar/positions',
    payloads: messages((i) => ({
      position: {
        id: i,
        deviceId: 7,
        protocol: 'teltonika',
        serverTime: time(i + 9),
        deviceTime: time(i),
        fixTime: time(i),
        outdated: false,
        valid: true,
        latitude: lat(i),
        longitude: lon(i),
        altitude: 38,
        speed: 43.2,
        course: i,
        accuracy: 0,
        attributes: { sat: 14, hdop: 0.8, ignition: true, motion: true, power: 27.4, odometer: i },
      },
      device: { id: 7, name: 'Truck', uniqueId: '350000000000006', status: 'online' },
    })),
  },
  {
    name: 'teltonika',
    format: teltonika,
    topic: '350000000000006/data',
    payloads: messages((i) => ({
      state: {
        reported: {
          ts: START_MS + i,
          pr: 0,
          latlng: `${lat(i)},${lon(i)}`,
          alt: 38,
          ang: i,
          sat: 11,
          sp: 50,
          evt: 0,
          16: 6870 + i,
          21: 4,
          66: 11_922,
          67: 4110,
          69: 1,
          181: 12,
          182: 8,
          239: 1,
          240: 1,
          241: 20_416,
        },
      },
    })),
  },
  {
    name: 'teltonika-codec',
    format: teltonikaCodec,
    topic: 'teltonika/350000000000006',
    // Of Traccar's tests, and of the vendor's wiki.
    payloads: messages((i) =>
      Buffer.from(
        i % 2 === 0
          ? '000000000000002c08010000013eff8d6f9800173295002111f400008100ae0b0000000401010003090016432980422f7200000100007a5d'
          : '000000000000003608010000016B40D8EA30010000000000000000000000000000000105021503010101425E0F01F10000601A014E0000000000000000010000C7CF',
        'hex',
      ),
    ),
  },
  {
    name: 'flespi',
    format: flespi,
    topic: 'flespi/605630',
    payloads: messages((i) => ({
      ident: '605630',
      timestamp: START_MS / 1000 + i,
      'position.latitude': lat(i),
      'position.longitude': lon(i),
      'position.altitude': 233.5,
      'position.direction': i,
      'position.speed': 50,
      'position.satellites': 9,
      'engine.ignition.status': true,
      'battery.voltage': 4.1,
      'vehicle.mileage': 160 + i,
      'channel.id': 12,
    })),
  },
];
