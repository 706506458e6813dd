import { describe, expect, test } from 'vitest';

import { owntracks } from './owntracks.ts';
import { comparedSamples, samplesOf } from './testing/sample-facts.ts';

describe('the samples', () => {
  test.each(comparedSamples(samplesOf('owntracks'), owntracks))(
    '$name has its facts',
    ({ faults, count }) => {
      expect(faults).toEqual([]);
      expect(count).toBeGreaterThan(0);
    },
  );
});
