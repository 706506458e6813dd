import { describe } from 'vitest';

import { testSamples } from './testing/decode-format.ts';
import { zebra } from './zebra.ts';

describe('samples of Zebra', () => {
  testSamples('zebra', zebra);
});
