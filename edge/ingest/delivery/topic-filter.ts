/** Topic filters, as MQTT 3.1.1 has them in section 4.7. */
import { CHARACTERS_MAX, LEVELS_MAX } from '../topic-rules.ts';

const SEPARATOR = '/';
const ONE_LEVEL = '+';
const ALL_LEVELS = '#';

/** Control characters may be refused (MQTT-1.5.3-2 and what follows it): they forge lines of a log. */
// oxlint-disable-next-line no-control-regex -- they are what it looks for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/u;

/**
 * What is wrong with a topic filter: `malformed` is what no client may send (MQTT-4.7.1-2, MQTT-4.7.1-3,
 * MQTT-4.7.3-1, MQTT-4.7.3-2), `refused` what this broker does not offer: longer or deeper filters than there are
 * topics, and whatever begins with `$` (`$SYS/…`, and the shared subscriptions of MQTT 5).
 */
export function filterFault(filter: string): 'malformed' | 'refused' | undefined {
  if (filter === '' || CONTROL.test(filter)) return 'malformed';
  const levels = filter.split(SEPARATOR);
  for (const [i, level] of levels.entries()) {
    if (level === ONE_LEVEL) continue;
    if (level === ALL_LEVELS && i === levels.length - 1) continue;
    if (level.includes(ONE_LEVEL) || level.includes(ALL_LEVELS)) return 'malformed';
  }
  if (filter.length > CHARACTERS_MAX || levels.length > LEVELS_MAX) return 'refused';
  return filter.startsWith('$') ? 'refused' : undefined;
}
