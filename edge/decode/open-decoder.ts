/** Decode as the config has it: the formats of its routes, the thread for its mappings. */
import type { z } from 'zod';

import type { Clock } from '#shared/clock.ts';

import type { formatsSchema, readPointsSchema } from './decode-config.ts';
import type { Decode, Format } from './decode.ts';
import { createDecode } from './decoder.ts';
import { FORMAT_NAMES, FORMATS, type FormatName, type FormatParts } from './formats.ts';
import { generic } from './generic/generic.ts';
import { MappingThread } from './mapping/mapping-thread.ts';
import type { Route } from './router.ts';

export type DecodeConfig = {
  readonly formats: z.output<typeof formatsSchema>;
  readonly readPoints: z.output<typeof readPointsSchema>;
  readonly timeZone: string;
};

export type OpenDecoder = AsyncDisposable & { readonly decode: Decode };

export function openDecoder(
  { formats, readPoints, timeZone }: DecodeConfig,
  parts: FormatParts & { readonly clock: Pick<Clock, 'monotonic' | 'sleep'> },
): OpenDecoder {
  const expressions = formats.flatMap(({ mapping }) => mapping ?? []);
  const thread =
    expressions.length === 0 ? undefined : new MappingThread({ expressions }, parts.clock);
  const known = new Map<FormatName, Format>();
  // One of each: a format may remember what its devices said, whichever route they come by.
  const formatOf = (name: FormatName): Format => {
    const format = known.get(name) ?? FORMATS[name].create(parts);
    known.set(name, format);
    return format;
  };
  let mappings = 0;
  const routes = formats.map(({ topic, broker, device, fnc1, format }): Route => {
    if (isFormatName(format)) return { topic, broker, device, fnc1, format: formatOf(format) };
    const expression = mappings++;
    return {
      topic,
      broker,
      device,
      fnc1,
      format: async (input) => (thread === undefined ? [] : await thread.map(expression, input)),
    };
  });
  return {
    decode: createDecode({ routes, readPoints, timeZone, fallback: generic }),
    [Symbol.asyncDispose]: async () => await thread?.[Symbol.asyncDispose](),
  };
}

function isFormatName(name: string): name is FormatName {
  return FORMAT_NAMES.some((known) => known === name);
}
