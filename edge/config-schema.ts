import { z } from 'zod';

import { edgeConfigSchema } from './config.ts';

/** The JSON Schema of a gateway's config, for editors: what stands in a file, before defaults. */
export function edgeConfigJsonSchema(): object {
  const schema = z.toJSONSchema(edgeConfigSchema, { io: 'input' });
  return { ...schema, title: 'Tallyport gateway: the config of `tally edge run`' };
}
