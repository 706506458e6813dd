/** What clients ask with. A message says what was expected; see `parse` in `route.ts`. */
import { z } from 'zod';

import { ID_PATTERN } from '#shared/names.ts';
import { identify, identifyEpc } from '#shared/identifiers/identify.ts';

import { LIMITS } from './api.ts';
import { decodeName, decodePlace } from './cursor.ts';

const LIMIT_DEFAULT = 100;
const CURSOR_LENGTH_MAX = 512;

/** A date, or a date and a time with an offset: RFC 3339. */
const TIME = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d))?$/u;

/** Once, and text that PostgreSQL can take; `read` gives undefined for what is not `expected`. */
function parameter<T>(
  expected: string,
  read: (text: string) => T | undefined,
): z.ZodType<T, string> {
  return z.string(expected).transform((text, context) => {
    const value = text.includes('\0') || !text.isWellFormed() ? undefined : read(text);
    if (value !== undefined) return value;
    context.addIssue(expected);
    return z.NEVER;
  });
}

export const parcelParams = z.strictObject({
  id: parameter(`a parcel identifier of 1 to ${LIMITS.parcelIdLengthMax} characters`, (text) => {
    const id = idOf(text);
    return id.length > 0 && id.length <= LIMITS.parcelIdLengthMax ? id : undefined;
  }).meta({
    description:
      'What the label or the tag says: the text of a bar code, a GS1 Digital Link, an EPC in hexadecimal digits or as URI; an SSCC by its 18 digits, with or without (00) or ]C1 in front.',
    maxLength: LIMITS.parcelIdLengthMax,
    example: '340123450000000017',
  }),
});

/** Of 96 bits and more. */
const EPC = /^[0-9a-f]{24,52}$/iu;

function idOf(text: string): string {
  const identity = identify(text);
  if (!EPC.test(text.trim())) return identity.parcelId;
  const tag = identifyEpc(text.trim());
  // Digits alone may be the number of a carrier.
  const isTag = tag.scheme !== 'unknown' || /[a-f]/iu.test(text);
  return isTag ? tag.parcelId : identity.parcelId;
}

export const namedParams = z.strictObject({
  id: parameter('1 to 64 of a-z, 0-9 and -', (text) =>
    ID_PATTERN.test(text) ? text : undefined,
  ).meta({
    pattern: ID_PATTERN.source,
  }),
});

const limit = parameter(`a whole number from 1 to ${LIMITS.pageItemsMax}`, (text) => {
  const number = /^\d{1,4}$/u.test(text) ? Number(text) : 0;
  return number >= 1 && number <= LIMITS.pageItemsMax ? number : undefined;
})
  .default(LIMIT_DEFAULT)
  .meta({
    description: `Items of a page, at most; ${LIMIT_DEFAULT} if absent.`,
    type: 'integer',
    minimum: 1,
    maximum: LIMITS.pageItemsMax,
  });

function cursor<T>(decode: (text: string) => T | undefined): z.ZodType<T | undefined> {
  return parameter('the `next` of an earlier page', (text) =>
    text.length <= CURSOR_LENGTH_MAX ? decode(text) : undefined,
  )
    .optional()
    .meta({ description: '`next` of the page before.', maxLength: CURSOR_LENGTH_MAX });
}

const time = parameter(
  'a time with its offset, like 2026-11-23T08:00:00Z or 2026-11-23',
  (text) => {
    // A + that was not percent-encoded is a space here.
    const timeMs = TIME.test(text.replace(' ', '+'))
      ? Date.parse(text.replace(' ', '+'))
      : Number.NaN;
    return Number.isNaN(timeMs) ? undefined : timeMs;
  },
).meta({ format: 'date-time' });

export const gatewaysQuery = z.strictObject({ limit, cursor: cursor(decodeName) });

export const eventsQuery = z.strictObject({
  limit,
  cursor: cursor(decodePlace),
  from: time.optional().meta({ description: 'Events of this time or later.' }),
  to: time.optional().meta({ description: 'Events before this time.' }),
});
