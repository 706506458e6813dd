import { describe, expect, test } from 'vitest';

import { teltonika } from './teltonika.ts';
import { comparedSamples, samplesOf } from './testing/sample-facts.ts';

describe('the samples', () => {
  const samples = samplesOf('teltonika').filter(({ name }) => name.endsWith('.json'));
  test.each(comparedSamples(samples, teltonika))('$name has its facts', ({ faults, count }) => {
    expect(faults).toEqual([]);
    expect(count).toBeGreaterThan(20);
  });
});
