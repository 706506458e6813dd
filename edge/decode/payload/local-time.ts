/**
 * Times as devices write them that know the wall clock of the depot and not its offset: `2026-10-25T02:30:00`.
 *
 * Twice a year such a time is not certain. What the clocks leave out in spring is read with the offset that was there
 * before, so that it comes out an hour later on the wall: the device's clock was late to change. What they show twice in
 * autumn is the one of both that is nearer to when the message came.
 */
import type { Moment } from './observation.ts';
import { parseTime } from './time.ts';

export type LocalMoment = Moment & {
  /** Whether there is just one moment at which the depot's clocks show it. */
  readonly certain: boolean;
};

const LOCAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d{1,9})?$/u;

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** The moment of a local time; `undefined` when it is none, or the time zone is not known. */
export function localMoment(
  text: unknown,
  timeZone: string,
  receiveTimeMs: number,
): LocalMoment | undefined {
  if (typeof text !== 'string' || !LOCAL.test(text)) return undefined;
  const wallMs = parseTime(`${text}Z`)?.timeMs;
  if (wallMs === undefined) return undefined;
  const before = offsetMinutes(timeZone, wallMs - DAY_MS);
  const after = offsetMinutes(timeZone, wallMs + DAY_MS);
  if (before === undefined || after === undefined) return undefined;

  const fits = [...new Set([before, after])].filter(
    (offset) => offsetMinutes(timeZone, wallMs - offset * MINUTE_MS) === offset,
  );
  const distance = (offset: number): number =>
    Math.abs(wallMs - offset * MINUTE_MS - receiveTimeMs);
  const [nearest] = fits.toSorted((one, other) => distance(one) - distance(other));
  const offset = nearest ?? before;
  return momentAt(wallMs, offset, timeZone, fits.length === 1);
}

/** The offset is that of the moment, also where the wall clock never showed it. */
function momentAt(wallMs: number, offset: number, timeZone: string, certain: boolean): LocalMoment {
  const timeMs = wallMs - offset * MINUTE_MS;
  return { timeMs, utcOffsetMin: offsetMinutes(timeZone, timeMs) ?? offset, certain };
}

const ZONES_MAX = 16;
/** Making one takes a hundred times as long as asking it. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timeZone: string): Intl.DateTimeFormat | undefined {
  const known = formatters.get(timeZone);
  if (known !== undefined) return known;
  try {
    const made = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
    if (formatters.size >= ZONES_MAX) formatters.clear();
    formatters.set(timeZone, made);
    return made;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const OFFSET = /GMT(?:([+-])(\d\d):(\d\d))?/u;

/** Minutes east of UTC at a moment; `undefined` when the time zone is not known. */
function offsetMinutes(timeZone: string, timeMs: number): number | undefined {
  const text = formatterOf(timeZone)?.format(timeMs);
  const match = text === undefined ? null : OFFSET.exec(text);
  if (match === null) return undefined;
  const minutes = Number(match[2] ?? 0) * 60 + Number(match[3] ?? 0);
  return match[1] === '-' ? -minutes : minutes;
}
