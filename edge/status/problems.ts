/** What of the status needs a person. */
import { PROBLEMS, type ProblemCode, type Status } from './status.ts';
import { duration, size } from '#shared/humane.ts';

export type Symptoms = {
  readonly journal: Pick<Status['journal'], 'ageS' | 'bytes' | 'bytesMax'>;
  readonly timeToFullS: number | null;
  readonly link: Pick<Status['link'], 'connected' | 'forS' | 'lastError'>;
  /** How long the clock has not been set. */
  readonly clockUnsetForS: number | undefined;
  readonly fullReason: string | undefined;
  readonly shedAgoS: number | undefined;
  /** Found since the start. */
  readonly damages: number;
  readonly refusedReason: string | undefined;
  readonly unreadableReason: string | undefined;
};

/** A link that is down for less mends itself, as a rule. */
const LINK_DOWN_S = 600;
/** A time server may take so long to answer after a start. */
const CLOCK_UNSET_S = 600;
/** Time for a person to be found and to come. */
const FULL_SOON_S = 4 * 3600;
const SHED_LATELY_S = 600;
/** Several samples that were not answered. */
const SILENT_S = 30;

/** In the order of `PROBLEMS`, worst first: what is wrong, or `undefined`. */
const LOOKS: Readonly<Record<ProblemCode, (symptoms: Symptoms) => string | undefined>> = {
  'journal-full': ({ fullReason }) => fullReason,
  'journal-shedding': ({ shedAgoS }) =>
    isWithin(shedAgoS, SHED_LATELY_S)
      ? `events were given up for want of room ${duration(shedAgoS)} ago`
      : undefined,
  'journal-filling': ({ timeToFullS, journal }) =>
    isWithin(timeToFullS ?? undefined, FULL_SOON_S)
      ? `the journal (${size(journal.bytes)} of ${size(journal.bytesMax)}) is full in ${duration(timeToFullS ?? 0)}`
      : undefined,
  'journal-damaged': ({ damages }) =>
    damages > 0 ? `the journal was damaged; found since the start: ${damages}` : undefined,
  'journal-unreadable': ({ unreadableReason }) => unreadableReason,
  'journal-silent': ({ journal: { ageS } }) =>
    ageS > SILENT_S ? `the journal has not answered for ${duration(ageS)}` : undefined,
  'link-down': ({ link: { connected, forS, lastError } }) => {
    if (connected || forS < LINK_DOWN_S) return undefined;
    const reason = lastError === null ? '' : `: ${lastError.reason}`;
    return `no connection to NATS for ${duration(forS)}${reason}`;
  },
  'stream-refuses': ({ refusedReason }) => refusedReason,
  'clock-unset': ({ clockUnsetForS }) =>
    clockUnsetForS !== undefined && clockUnsetForS >= CLOCK_UNSET_S
      ? `the clock has not been set for ${duration(clockUnsetForS)}`
      : undefined,
};

export function problemsOf(symptoms: Symptoms): Status['problems'] {
  return (Object.keys(PROBLEMS) as ProblemCode[]).flatMap((code) => {
    const message = LOOKS[code](symptoms);
    return message === undefined ? [] : [{ code, message, next: PROBLEMS[code] }];
  });
}

function isWithin(valueS: number | undefined, limitS: number): valueS is number {
  return valueS !== undefined && valueS < limitS;
}
