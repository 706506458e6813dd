/** Every sample of an identifier gives the facts that its standard says it has (`testing/samples/README.md`). */
import { describe, expect, test } from 'vitest';

import { carrierCandidates } from '#shared/identifiers/carriers.ts';
import { epcUriOfKey } from '#shared/identifiers/epc-keys.ts';
import { describeEpc } from '#shared/identifiers/epc.ts';
import { readGs1Label } from '#shared/identifiers/gs1-label.ts';
import { parseS10 } from '#shared/identifiers/s10.ts';

import { compareFacts, samplesOf, type Facts, type Sample } from './testing/sample-facts.ts';

const FOUND: Readonly<Record<string, (content: Facts) => unknown>> = {
  gs1: ({ data }) => {
    const label = readGs1Label(String(data));
    const [key] = label.keys;
    const uri = key === undefined ? undefined : epcUriOfKey(key, 7);
    return { ...label, ...label.meanings, epcUrisByGcpLength: { 7: uri } };
  },
  epc: ({ hex }) => describeEpc(String(hex)),
  s10: ({ text }) => parseS10(String(text)),
  carrier: ({ numbers }) => ({ results: (numbers as string[]).map(carrierFacts) }),
};

function carrierFacts(number: string): Facts {
  const best = carrierCandidates(number).find(({ check }) => check !== 'invalid');
  return { number, carrier: best?.carrier ?? null, valid: best !== undefined };
}

describe.for(Object.keys(FOUND))('the samples of %s', (folder) => {
  test.for(samplesOf(folder).map((sample): [string, Sample] => [sample.name, sample]))(
    '%s has its facts',
    ([, { payload, facts }]) => {
      const content = JSON.parse(payload.toString()) as Facts;
      const { faults, count } = compareFacts(facts, FOUND[folder]?.(content));
      expect(faults).toEqual([]);
      expect(count).toBeGreaterThan(0);
    },
  );
});
