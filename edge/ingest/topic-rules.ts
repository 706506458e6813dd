export const CHARACTERS_MAX = 1024;
export const LEVELS_MAX = 32;

const HASH = 0x23;
const PLUS = 0x2b;
const SLASH = 0x2f;
const SPACE = 0x20;
const DELETE = 0x7f;
const CONTROL_LAST = 0x9f;
/** What the parser puts where the bytes were not UTF-8. */
const REPLACEMENT = 0xfffd;

/** What the broker tells of itself, and how MQTT 5 shares subscriptions: no topics of devices. */
const RESERVED = /^\$(?:SYS|share)(?:\/|$)/u;

/**
 * Whether a device may publish under a topic: not empty, not too long or too deep, well-formed, without control
 * characters and wildcards, and not the broker's own. Others that begin with `$` are taken like any (devices made
 * for AWS IoT have `$aws/things/…`), and no subscription matches them.
 */
export function isAllowedTopic(topic: string): boolean {
  const { length } = topic;
  if (length === 0 || length > CHARACTERS_MAX) return false;
  if (topic.startsWith('$') && RESERVED.test(topic)) return false;
  let levels = 1;
  for (let i = 0; i < length; i++) {
    const unit = topic.charCodeAt(i);
    if (unit === SLASH) levels++;
    else if (unit < SPACE || unit === HASH || unit === PLUS || unit === REPLACEMENT) return false;
    else if (unit >= DELETE && unit <= CONTROL_LAST) return false;
  }
  return levels <= LEVELS_MAX;
}
