/** The sections of the config that decode reads: `formats`, `readPoints`, `timeZone`. */
import { z } from 'zod';

import { idSchema } from '#shared/config.ts';

import { FORMAT_NAMES } from './formats.ts';
import { EXPRESSION_CHARACTERS_MAX, expressionFault } from './mapping/mapping.ts';
import { templateFault } from './topic-template.ts';

const ROUTES_MAX = 1000;
const READ_POINTS_MAX = 10_000;
const ANTENNA_MAX = 65_535;

const topicSchema = z
  .string('expected a topic such as zebra/{deviceId}/data')
  .superRefine((text, context) => {
    const fault = templateFault(text);
    if (fault !== undefined) context.addIssue(fault);
  })
  .meta({ description: 'Levels of a topic, +, {name} or # at the end.' });

const formatSchema = z.enum(
  [...FORMAT_NAMES, 'mapping'],
  `expected a format: ${[...FORMAT_NAMES, 'mapping'].join(', ')}`,
);

const mappingSchema = z
  .string('expected a JSONata expression')
  .max(EXPRESSION_CHARACTERS_MAX, `expected at most ${EXPRESSION_CHARACTERS_MAX} characters`)
  .superRefine((text, context) => {
    const fault = expressionFault(text);
    if (fault !== undefined) context.addIssue(fault);
  })
  .meta({ description: 'JSONata that makes events of the generic profile from a payload.' });

const routeSchema = z
  .strictObject({
    topic: topicSchema,
    format: formatSchema,
    /** Only messages of this external broker. */
    broker: idSchema.optional(),
    /** The device of all of them, where neither topic nor payload says it. */
    device: idSchema.optional(),
    /** What the scanners write in the place of FNC1 (GS, 0x1D), where it is not one of <GS>, {GS}, ^]. */
    fnc1: z
      .string('expected text')
      .min(1, 'expected text')
      .max(8, 'expected at most 8 characters')
      .optional(),
    /** With `format: mapping`, and then needed. */
    mapping: mappingSchema.optional(),
  })
  .refine(({ format, mapping }) => (format === 'mapping') === (mapping !== undefined), {
    path: ['mapping'],
    message: 'expected a JSONata expression with `format: mapping`, and only with it',
  });

/** What devices publish: the first route that fits a topic names its format. */
export const formatsSchema = z
  .array(routeSchema)
  .max(ROUTES_MAX, `expected at most ${ROUTES_MAX} routes`)
  .default([]);

const text = z
  .string('expected text')
  .min(1, 'expected text')
  .max(256, 'expected at most 256 characters');

const readPointSchema = z
  .strictObject({
    device: idSchema.optional(),
    antennas: z
      .array(
        z
          .int('expected an antenna port')
          .min(0, 'expected 0 or more')
          .max(ANTENNA_MAX, 'expected at most 65535'),
      )
      .min(1, 'expected at least one antenna port')
      .optional(),
    /** The read point that the device itself names. */
    said: text.optional(),
    readPoint: text.optional(),
    location: text.optional(),
    bizStep: text.optional(),
  })
  .refine(({ device, said }) => device !== undefined || said !== undefined, {
    message: 'expected `device` or `said`: which scans it is about',
  })
  .refine(
    ({ readPoint, location, bizStep }) =>
      readPoint !== undefined || location !== undefined || bizStep !== undefined,
    { message: 'expected `readPoint`, `location` or `bizStep`: what it says of them' },
  );

/** What a scan of a device and antenna means: the first entry that fits. */
export const readPointsSchema = z
  .array(readPointSchema)
  .max(READ_POINTS_MAX, `expected at most ${READ_POINTS_MAX} read points`)
  .default([]);

export const timeZoneSchema = z
  .string('expected a time zone such as Europe/Berlin')
  .refine(isTimeZone, 'expected a time zone such as Europe/Berlin')
  .default('UTC');

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
}
