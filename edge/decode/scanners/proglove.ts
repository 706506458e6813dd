/**
 * ProGlove Streams API, as a bridge carries it to MQTT.
 * https://github.com/workaroundgmbh/proglove_streams_api_reference
 *
 * `{"api_version", "event_type", "event_id", "time_created", "device_serial", "gateway_serial", …}`:
 * - `scan`: a scan. `scan_bytes` (base64) is what was read; some firmware loses control characters in `scan_code`.
 * - `button_pressed`: a reading `button` with the gesture.
 * - `scanner_state`: a status, online when connected.
 * - `gateway_state`, `errors` and what else there may be: a status, all fields attributes.
 * - Left out: `api_version` where it is 1.0, `scan_code` where it is what was read.
 */
import { bytesOfBase64, textOfBytes } from '../payload/base64.ts';
import type { Decoded, Format, FormatInput } from '../decode.ts';
import { deviceNameOf } from '../payload/device-name.ts';
import { elementsDecoded } from '../payload/elements-decoded.ts';
import type { JsonObject } from '../payload/fields.ts';
import { labelIdOf } from '../payload/identity.ts';
import { Observation } from '../payload/observation.ts';
import { keepUnlessText } from '../payload/unread.ts';
import { textOf } from '../payload/values.ts';

export const proglove: Format = (input) => {
  const device = deviceNameOf(input);
  return elementsDecoded(input, device, (event) => eventDecoded(input, event));
};

const COMMON = ['api_version', 'event_id', 'time_created'] as const;
const TEXTS = ['event_type', 'device_serial', 'gateway_serial'] as const;

function eventDecoded(input: FormatInput, event: JsonObject): Decoded {
  const type = textOf(event['event_type']) ?? ('scan_code' in event ? 'scan' : undefined);
  if (type === undefined) return 'event_type: expected text';
  const device = textOf(event['device_serial']);
  const gateway = textOf(event['gateway_serial']);
  const observation = new Observation(input.message, deviceNameOf(input, device ?? gateway))
    .at(event['time_created'], 'time_created')
    .keep('eventId', event['event_id'])
    .keep('api_version', event['api_version'] === '1.0' ? undefined : event['api_version']);
  if (device !== undefined) observation.keep('gatewayId', event['gateway_serial']);
  keepUnlessText(observation, event, TEXTS);
  switch (type) {
    case 'scan':
      return scan(observation, event);
    case 'button_pressed':
      return button(observation, event);
    case 'scanner_state':
      return scannerState(observation, event);
    default:
      return observation.keep('statusType', type).keepOthers(event, KNOWN).status().finish();
  }
}

const KNOWN: ReadonlySet<string> = new Set([...COMMON, ...TEXTS]);
const SCAN: ReadonlySet<string> = new Set([...KNOWN, 'scan_code', 'scan_bytes']);

function scan(observation: Observation, event: JsonObject): Decoded {
  const code = textOf(event['scan_code']);
  const bytes = bytesOfBase64(event['scan_bytes']);
  const data = bytes === undefined ? code : textOfBytes(bytes);
  if (data === undefined) return 'scan_code: expected text';
  if (code !== data) observation.keep('scan_code', event['scan_code']);
  if (bytes === undefined) observation.keep('scan_bytes', event['scan_bytes']);
  return observation
    .keepOthers(event, SCAN)
    .scan({ data, parcelId: labelIdOf(data) })
    .finish();
}

const BUTTON: ReadonlySet<string> = new Set([...KNOWN, 'trigger_gesture']);

function button(observation: Observation, event: JsonObject): Decoded {
  const gesture = textOf(event['trigger_gesture']);
  keepUnlessText(observation, event, ['trigger_gesture']);
  return observation
    .keep('type', 'button')
    .keepOthers(event, BUTTON)
    .readings([{ name: 'button', value: gesture ?? true }])
    .finish();
}

const STATE: ReadonlySet<string> = new Set([...KNOWN, 'device_connected_state']);
const ONLINE: ReadonlyMap<unknown, boolean> = new Map([
  ['STATE_CONNECTED', true],
  ['STATE_DISCONNECTED', false],
]);

function scannerState(observation: Observation, event: JsonObject): Decoded {
  const said = event['device_connected_state'];
  const online = ONLINE.get(said);
  if (online === undefined) observation.keep('device_connected_state', said);
  return observation
    .keep('statusType', 'scanner_state')
    .keepOthers(event, STATE)
    .status({ online })
    .finish();
}
