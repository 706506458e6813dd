import { describe, expect, test } from 'vitest';

import { flespi } from './flespi.ts';
import { comparedSamples, samplesOf } from './testing/sample-facts.ts';

describe('the samples', () => {
  test.each(comparedSamples(samplesOf('flespi'), flespi))(
    '$name has its facts',
    ({ faults, count }) => {
      expect(faults).toEqual([]);
      expect(count).toBeGreaterThan(10);
    },
  );
});
