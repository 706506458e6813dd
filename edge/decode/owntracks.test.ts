import { describe, expect, test } from 'vitest';

import { owntracks } from './owntracks.ts';
import { comparedSamples } from './testing/sample-facts.ts';

describe('the samples', () => {
  test.each(comparedSamples('owntracks', owntracks))('$name has its facts', ({ faults, count }) => {
    expect(faults).toEqual([]);
    expect(count).toBeGreaterThan(0);
  });
});
