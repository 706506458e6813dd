/** A process of its own that prints how the clock of this machine stands. */
import { systemClock } from '#shared/clock.ts';

import { readBoot } from './boot.ts';
import { openGatewayClock } from './gateway-clock.ts';

await using clock = await openGatewayClock({
  clock: systemClock,
  boot: await readBoot(),
  source: { confirms: () => Promise.resolve(false), forget: () => {} },
  events: { clockFound: () => {}, clockStepped: () => {}, clockTrustChanged: () => {} },
});
process.stdout.write(JSON.stringify(clock.reading()));
