/**
 * The mapping format: a site says with a JSONata expression (docs.jsonata.org) what a payload of its own means.
 *
 * The expression gets the payload, an object or value of JSON, and `$topic`, `$names` (the named levels of the topic),
 * `$clientId`. It gives one object or several, each an event in the words of the generic profile, with two more: `kind`
 * (`scan`, `position`, `reading` or `status`) and `device`. Nothing at all means that the message carries nothing.
 *
 * Whoever wrote the expression is trusted, the payload is not: time, depth and the length of sequences are bounded here,
 * and the thread that this runs in has a bounded heap and a watch (`mapping-thread.ts`).
 */
import jsonata from 'jsonata';

import { describe } from '#shared/errors.ts';
import type { Event } from '#shared/event.ts';

import type { Decoded, FormatInput } from '../decode.ts';
import { deviceIdOf } from '../payload/device-id.ts';
import { Fields, isObject } from '../payload/fields.ts';
import { PROFILES } from '../generic/generic-kinds.ts';
import { isLongNumber, parseJson } from '../payload/json.ts';

/** An evaluation that takes longer is ended, milliseconds. Long: a machine that is busy must not change what is made of a payload. */
const TIME_MS_MAX = 500;
/** Calls within calls, lambdas and steps of paths among them. */
const DEPTH_MAX = 200;
const SEQUENCE_MAX = 10_000;
const EVENTS_MAX = 1000;
export const EXPRESSION_CHARACTERS_MAX = 16_384;

/** Makes the events of one message. */
export type Mapping = (input: FormatInput) => Promise<Decoded>;

/** What is wrong with an expression, where it is; `undefined` when it can be run. */
export function expressionFault(expression: string): string | undefined {
  try {
    jsonata(expression);
    return undefined;
  } catch (error) {
    const { message, position } = error as { message?: unknown; position?: unknown };
    const where = typeof position === 'number' ? ` (character ${position})` : '';
    return `expected a JSONata expression: ${typeof message === 'string' ? message : 'not one'}${where}`;
  }
}

/** The expression at work. Throws when it is none: see `expressionFault`. */
export function createMapping(expression: string): Mapping {
  const compiled = jsonata(expression, {
    timeout: TIME_MS_MAX,
    stack: DEPTH_MAX,
    sequence: SEQUENCE_MAX,
  });
  return async (input) => {
    const json = parseJson(input.message.payload);
    if (typeof json === 'string') return json;
    const { topic, clientId } = input.message;
    let mapped: unknown;
    try {
      mapped = await compiled.evaluate(plain(json.value), { topic, clientId, names: input.names });
    } catch (error) {
      return `mapping: expected an expression that fits the payload: ${reasonOf(error)}`;
    }
    return eventsOf(mapped, input);
  };
}

function reasonOf(error: unknown): string {
  const reason = isObject(error) ? error['message'] : describe(error);
  // The message may hold what the payload says.
  return String(reason)
    .replaceAll(/[^ -~]/gu, '?')
    .slice(0, 200);
}

function eventsOf(mapped: unknown, input: FormatInput): Decoded {
  if (mapped === undefined || mapped === null) return [];
  const values: readonly unknown[] = Array.isArray(mapped) ? mapped : [mapped];
  if (values.length > EVENTS_MAX) return `mapping: expected at most ${EVENTS_MAX} events`;
  const events: Event[] = [];
  for (const value of values) {
    const event = eventOf(value, input);
    if (typeof event === 'string') return event;
    events.push(event);
  }
  return events;
}

function eventOf(value: unknown, { message, names }: FormatInput): Event | string {
  if (!isObject(value)) return 'mapping: expected an object for each event';
  const { kind, device, ...rest } = value;
  const profile = PROFILES.get(typeof kind === 'string' ? kind : '');
  if (profile === undefined) return 'mapping.kind: expected scan, position, reading or status';
  const name = device ?? names['deviceId'];
  const deviceId =
    typeof name === 'string' || typeof name === 'number' ? deviceIdOf(String(name)) : '';
  if (deviceId === '') return 'mapping.device: expected a device, or {deviceId} in the topic';
  const fields = new Fields(rest, true);
  const event = profile(fields, { deviceId, receiveTimeMs: message.receiveTimeMs });
  return event ?? `mapping.${fields.fault ?? 'payload: expected an object'}`;
}

/** Numbers that a double cannot hold become text, which JSONata leaves as it is. */
function plain(value: unknown): unknown {
  if (isLongNumber(value)) return value.rawJSON;
  if (Array.isArray(value)) return value.map(plain);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, plain(field)]));
}
