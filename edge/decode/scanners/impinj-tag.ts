/** Tags of an Impinj R700: ids in base64url or hexadecimal, hundredths of dBm. */
import { bytesOfBase64 } from '../payload/base64.ts';
import type { Decoded } from '../decode.ts';
import type { JsonObject } from '../payload/fields.ts';
import { epcIdOf } from '../payload/identity.ts';
import type { Observation } from '../payload/observation.ts';
import { hexOf } from '../payload/tag.ts';
import { parseTime } from '../payload/time.ts';
import { keepUnread } from '../payload/unread.ts';
import { numberOf, wholeOf } from '../payload/values.ts';

export type ImpinjTag = {
  readonly what: 'tagInventory' | 'tagLocationEntry' | 'tagLocationUpdate' | 'tagLocationExit';
  readonly event: JsonObject;
  /** When the reader published it. */
  readonly timestamp: unknown;
};

const KNOWN: ReadonlySet<string> = new Set([
  'epc',
  'epcHex',
  'tid',
  'tidHex',
  'pc',
  'antennaPort',
  'antennaName',
  'peakRssiCdbm',
  'frequency',
  'transmitPowerCdbm',
  'phaseAngle',
  'lastSeenTime',
]);

export function impinjTag(
  observation: Observation,
  { what, event, timestamp }: ImpinjTag,
): Decoded {
  const seen = event['lastSeenTime'] ?? undefined;
  if (seen === undefined) observation.at(timestamp, 'timestamp');
  else observation.at(seen, 'lastSeenTime');
  observation.keep('publishedTime', publishedTime(timestamp));

  const epc = idOf(observation, event, 'epc');
  const tid = idOf(observation, event, 'tid');
  const id = epc ?? tid;
  if (id === undefined) return `${what}Event: expected the epc or the tid of a tag`;
  // A tag whose EPC the reader was told not to send is still known by the number that its maker gave it.
  if (epc === undefined) observation.keep('identifiedBy', 'tid');
  else observation.keep('tidHex', tid);

  const pc = pcOf(event['pc']);
  const antennaPort = wholeOf(event['antennaPort'], 0, 65_535);
  const peakRssiCdbm = numberOf(event['peakRssiCdbm'], -20_000, 10_000);
  const transmitPowerCdbm = numberOf(event['transmitPowerCdbm'], -20_000, 10_000);
  const phaseAngle = numberOf(event['phaseAngle'], -360, 360);
  keepUnread(observation, event, { pc, antennaPort, peakRssiCdbm, transmitPowerCdbm, phaseAngle });
  observation
    .keep('mode', what === 'tagInventory' ? undefined : what)
    .keep('antennaName', event['antennaName'])
    .keep('frequencyKHz', event['frequency'])
    .keep('txPowerDbm', hundredths(transmitPowerCdbm))
    .keep('phaseDeg', phaseAngle)
    .keep('pcHex', pc)
    .keepOthers(event, KNOWN);
  const presence =
    what === 'tagLocationEntry' ? 'enter' : what === 'tagLocationExit' ? 'exit' : undefined;
  return observation
    .scan({
      data: id,
      parcelId: epcIdOf(id),
      antenna: antennaPort,
      rssiDbm: hundredths(peakRssiCdbm),
      presence,
    })
    .finish();
}

/** In UTC, to the millisecond; what is no time is left to the fault of `at`, or kept as it is. */
function publishedTime(timestamp: unknown): unknown {
  const timeMs = parseTime(timestamp)?.timeMs;
  if (timeMs === undefined) return timestamp;
  // As it nearly always is: the date need not be worked out from the number again.
  if (typeof timestamp === 'string' && UTC_WITH_MS.test(timestamp)) {
    return `${timestamp.slice(0, UTC_MS_END)}Z`;
  }
  return new Date(timeMs).toISOString();
}

const UTC_WITH_MS = /^.{10}T.{6}[0-5]\d\.\d{3,}Z$/u;
const UTC_MS_END = '2026-11-23T08:00:00.000'.length;

function hundredths(value: number | undefined): number | undefined {
  return value === undefined ? undefined : value / 100;
}

/** Hexadecimal where it is there, else base64url; what says something else than what is taken is kept. */
function idOf(
  observation: Observation,
  event: JsonObject,
  name: 'epc' | 'tid',
): string | undefined {
  const saidHex = event[`${name}Hex`];
  const saidBase64 = event[name];
  if (saidHex === undefined && saidBase64 === undefined) return undefined;
  const hex = hexOf(saidHex);
  const base64 = hexOfBase64(saidBase64);
  if (hex === undefined && saidHex !== '') observation.keep(`${name}Hex`, saidHex);
  if ((base64 === undefined || base64 !== (hex ?? base64)) && saidBase64 !== '') {
    observation.keep(name, saidBase64);
  }
  return hex ?? base64;
}

function hexOfBase64(value: unknown): string | undefined {
  return bytesOfBase64(value)?.toString('hex').toUpperCase();
}

/** The protocol control word: two bytes, in base64url or hexadecimal. */
function pcOf(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const hex = hexOfBase64(value);
  return hex?.length === 4 ? hex : value.length === 4 ? hexOf(value) : undefined;
}
