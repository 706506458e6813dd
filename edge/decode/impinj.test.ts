import { describe } from 'vitest';

import { impinj } from './impinj.ts';
import { testSamples } from './testing/decode-format.ts';

describe('samples of Impinj', () => {
  testSamples('impinj', impinj);
});
