/** The thread that maps: one message after the other. */
import { parentPort, workerData } from 'node:worker_threads';

import { must } from '#shared/assert.ts';

import type { FromMapper, MappingOptions, ToMapper } from './mapping-messages.ts';
import { createMapping } from './mapping.ts';

const port = must(parentPort, 'the parent of the mapping thread');
const { expressions } = workerData as MappingOptions;
const mappings = expressions.map(createMapping);
let last = Promise.resolve();

port.on('message', ({ id, expression, input }: ToMapper) => {
  last = last.then(async () => {
    const mapping = must(mappings[expression], 'an expression');
    const answer: FromMapper = { id, decoded: await mapping(input) };
    port.postMessage(answer);
  });
});
