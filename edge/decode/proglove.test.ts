import { describe } from 'vitest';

import { proglove } from './proglove.ts';
import { testSamples } from './testing/decode-format.ts';

describe('samples of ProGlove', () => {
  testSamples('proglove', proglove);
});
