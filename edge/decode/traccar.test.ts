import { describe, expect, test } from 'vitest';

import { traccar } from './traccar.ts';
import { comparedSamples, samplesOf } from './testing/sample-facts.ts';

describe('the samples', () => {
  test.each(comparedSamples(samplesOf('traccar'), traccar))(
    '$name has its facts',
    ({ faults, count }) => {
      expect(faults).toEqual([]);
      expect(count).toBeGreaterThan(10);
    },
  );
});
