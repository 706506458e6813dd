/**
 * `npm run gen`: writes the code of the wire format, `proto/gen/`, anew from its schema.
 * `npm run gen -- --release`: also keeps the schema as released; `npm run check` holds later ones against it.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { generate } from './gen/generate.ts';
import { releaseSchema } from './gen/released-schema.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({ options: { release: { type: 'boolean', default: false } } });

await generate(join(root, 'proto'), join(root, 'proto/gen'));
if (values.release) console.log(`released: ${await releaseSchema(root)}`);
