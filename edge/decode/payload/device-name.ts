import type { FormatInput } from '../decode.ts';
import { textOf } from './values.ts';

/**
 * What a device is called: what its payload says, else the level of the topic that the route names `deviceId`, else
 * the id of the MQTT client.
 */
export function deviceNameOf({ message, names }: FormatInput, said?: unknown): string {
  return textOf(said) ?? textOf(names['deviceId']) ?? message.clientId;
}
