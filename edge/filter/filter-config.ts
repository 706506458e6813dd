/** The section `filters` of the config: a list of rules, in the order in which events go through them. */
import { z } from 'zod';

import { NOTHING } from '../decode/decode.ts';
import { AGGREGATE_FUNCTIONS } from './aggregate.ts';
import { compileCondition } from './condition.ts';
import { REDELIVERY } from './filter.ts';
import { GLOB_CHARACTERS_MAX } from './glob.ts';

const RULES_MAX = 64;
const NAME_EXPECTED = 'expected a name, 1 to 64 of a-z, 0-9 and -';
const SECONDS_MAX = 31 * 86_400;
const SECONDS_EXPECTED = 'expected a number of seconds, more than 0 and at most 31 days';

/** Under these the gateway itself counts what it removes. */
const RESERVED: readonly string[] = [REDELIVERY, NOTHING];

const seconds = z
  .number(SECONDS_EXPECTED)
  .positive(SECONDS_EXPECTED)
  .max(SECONDS_MAX, SECONDS_EXPECTED);

const amount = (what: string): z.ZodNumber =>
  z.number(`expected ${what}`).positive(`expected ${what}`);

const GLOBS_EXPECTED =
  'expected a pattern such as fx9600-*, or a list of them, of at most 128 characters each';
const glob = z
  .string(GLOBS_EXPECTED)
  .min(1, GLOBS_EXPECTED)
  .max(GLOB_CHARACTERS_MAX, GLOBS_EXPECTED);
const globs = z.union([glob, z.array(glob).min(1, GLOBS_EXPECTED).max(256)], GLOBS_EXPECTED);

const condition = z
  .string('expected a condition in CEL, such as speedKmh < 3')
  .superRefine((source, context) => {
    const compiled = compileCondition(source);
    if (typeof compiled !== 'function')
      context.addIssue({ code: 'custom', message: `expected ${compiled.fault}`, input: source });
  });

const KINDS = ['scan', 'position', 'reading', 'status'] as const;
const KINDS_EXPECTED = 'expected scan, position, reading or status, or a list of them';
const kind = z.enum(KINDS, KINDS_EXPECTED);

const match = z.strictObject({
  /** Device ids; absent: all. */
  device: globs.optional(),
  kind: z.union([kind, z.array(kind).min(1, KINDS_EXPECTED)], KINDS_EXPECTED).optional(),
  /** Read points; what is no scan has none. */
  readPoint: globs.optional(),
});

const BY_EXPECTED = 'expected device or [device, antenna]';

/** What a rule may do. A rule does one of them. */
const ACTIONS = {
  /** What a device says again within so many seconds is removed. */
  duplicates: z.strictObject({ windowS: seconds }),
  /** RFID: the reads of a thing while it is there become an enter and an exit. */
  condense: z.strictObject({
    /** A thing is gone when it was not seen for so long. */
    exitAfterS: seconds,
    /** While it is there, one read in so many seconds is kept. */
    everyS: seconds.optional(),
    /** Whether a thing that goes from one antenna to another is at another place. */
    by: z
      .union(
        [
          z.literal('device'),
          z
            .array(z.enum(['device', 'antenna']))
            .min(1)
            .max(2),
        ],
        BY_EXPECTED,
      )
      .refine((by) => by.includes('device'), BY_EXPECTED)
      .default(['device', 'antenna']),
  }),
  /** Positions: kept when one of these is reached. */
  deadband: z
    .strictObject({
      distanceM: amount('metres, more than 0').optional(),
      headingDeg: amount('degrees, more than 0 and at most 180')
        .max(180, 'expected degrees, more than 0 and at most 180')
        .optional(),
      everyS: seconds.optional(),
    })
    .refine(
      ({ distanceM, headingDeg, everyS }) => (distanceM ?? headingDeg ?? everyS) !== undefined,
      'expected distanceM, headingDeg or everyS',
    ),
  /** Readings: kept when one has changed. */
  exception: z.strictObject({
    absolute: amount('a number, more than 0').optional(),
    percent: amount('a number, more than 0').optional(),
    hysteresis: amount('a number, more than 0').optional(),
    everyS: seconds.optional(),
    readings: globs.optional(),
  }),
  sample: z
    .strictObject({
      everyS: seconds.optional(),
      oneIn: z
        .int('expected a whole number, at least 2')
        .min(2, 'expected a whole number, at least 2')
        .optional(),
    })
    .refine(
      ({ everyS, oneIn }) => (everyS === undefined) !== (oneIn === undefined),
      'expected either everyS or oneIn',
    ),
  /** Readings: those of a window become one event. */
  aggregate: z.strictObject({
    windowS: seconds,
    functions: z
      .array(z.enum(AGGREGATE_FUNCTIONS, 'expected min, max, mean, last or count'))
      .min(1, 'expected at least one of min, max, mean, last and count')
      .refine((list) => new Set(list).size === list.length, 'expected each function once'),
    readings: globs.optional(),
  }),
  drop: z.strictObject({ when: condition }),
  /** How much an event is worth when there is no room. */
  classify: z.strictObject({
    when: condition,
    as: z.enum(['custody', 'telemetry', 'status'], 'expected custody, telemetry or status'),
  }),
} as const;

const ACTION_NAMES = Object.keys(ACTIONS) as (keyof typeof ACTIONS)[];

const ruleSchema = z
  .strictObject({
    /** Under this the accounts count what the rule removed. */
    name: z
      .string(NAME_EXPECTED)
      .regex(/^[a-z0-9-]{1,64}$/u, NAME_EXPECTED)
      .refine(
        (name) => !RESERVED.includes(name),
        `expected another name than ${RESERVED.join(' and ')}: the gateway counts under them itself`,
      ),
    /** Which events it is for; absent: all. */
    match: match.optional(),
    duplicates: ACTIONS.duplicates.optional(),
    condense: ACTIONS.condense.optional(),
    deadband: ACTIONS.deadband.optional(),
    exception: ACTIONS.exception.optional(),
    sample: ACTIONS.sample.optional(),
    aggregate: ACTIONS.aggregate.optional(),
    drop: ACTIONS.drop.optional(),
    classify: ACTIONS.classify.optional(),
  })
  .refine(
    (rule) => ACTION_NAMES.filter((name) => rule[name] !== undefined).length === 1,
    `expected one of ${ACTION_NAMES.join(', ')}, and one only`,
  );

/** All rules of a gateway. `raw` events pass them by. */
export const filtersSchema = z
  .array(ruleSchema)
  .max(RULES_MAX, `expected at most ${RULES_MAX} rules`)
  .superRefine((rules, context) => {
    const names = new Set<string>();
    rules.forEach(({ name }, i) => {
      if (names.has(name))
        context.addIssue({
          code: 'custom',
          path: [i, 'name'],
          message: 'expected a name that no other rule has',
          input: name,
        });
      names.add(name);
    });
  });

export type RuleConfig = z.output<typeof ruleSchema>;
export type FiltersConfig = readonly RuleConfig[];
