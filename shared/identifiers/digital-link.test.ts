import { describe, expect, test } from 'vitest';

import { digitalLinkOf, parseDigitalLink } from './digital-link.ts';

const elementsOf = (uri: string): string | undefined => {
  const { elements, error } = parseDigitalLink(uri);
  return error ?? elements.map(({ ai, value }) => `(${ai})${value}`).join('');
};

describe('a GS1 Digital Link', () => {
  test.for([
    ['https://id.gs1.org/01/09506000134352', '(01)09506000134352'],
    ['HTTP://EXAMPLE.COM/01/09506000134352/21/aB', '(01)09506000134352(21)aB'],
    [
      'https://shop.example/some/stem/01/09506000134352/10/A/21/B?17=221231&linkType=all&3103=000195',
      '(01)09506000134352(10)A(21)B(17)221231(3103)000195',
    ],
    ['https://a.example/01/10/00/106141412345678908#top', '(00)106141412345678908'],
    ['https://a.example/01/09506000134352/21/a%2Fb%25', '(01)09506000134352(21)a/b%'],
    ['https://a.example/01/09506000134352/?10=A;21=B', '(01)09506000134352(10)A(21)B'],
    ['https://a.example/gtin/09506000134352/ser/7', '(01)09506000134352(21)7'],
    ['https://a.example/01/9506000134352', '(01)09506000134352'],
    ['https://a.example/414/9506000134376/254/32a', '(414)9506000134376(254)32a'],
    ['https://a.example/8003/095060001343521234', '(8003)095060001343521234'],
    ['https://a.example/8004/9506000AB', '(8004)9506000AB'],
  ])('%s is %s', ([uri, elements]) => {
    expect(elementsOf(uri ?? '')).toBe(elements);
  });

  test.for([
    ['https://a.example/01/09506000134353', 'check-digit'],
    ['https://a.example/01/09506000134352/21/%ZZ', 'ai-value'],
    ['https://a.example/01/09506000134352/21/%E4', 'ai-value'],
    ['https://a.example/01/09506000134352/21/a%00', 'ai-value'],
    ['https://a.example/01/09506000134352?17=1', 'ai-value'],
    ['https://a.example/01/09506000134352/21/a?21=b', 'ai-repeated'],
  ])('%s has the error %s', ([uri, error]) => {
    expect(elementsOf(uri ?? '')).toBe(error);
  });

  test.for([
    'https://news.example/2026/01/15',
    'https://a.example/',
    'https://a.example',
    'https://',
    'http',
    'https://a.example/01/09506000134352/99/x',
    'https://a.example/21/x',
    'https://a.example/01',
    'https://a.example/DAHPdYzC-PLbsA',
    'ftp://a.example/01/09506000134352',
    '/01/09506000134352',
  ])('%s is none', (uri) => {
    expect(parseDigitalLink(uri)).toEqual({ elements: [], error: 'no-elements' });
  });

  test('is written of GS1’s own domain, qualifiers in the order of the standard, the rest behind', () => {
    const uri = digitalLinkOf({ type: 'sgtin', value: '09506000134352', serial: "a/b?'" }, [
      { ai: '17', value: '221231' },
      { ai: '10', value: 'X' },
      { ai: '4301', value: 'A%20B' },
    ]);
    expect(uri).toBe(
      'https://id.gs1.org/01/09506000134352/10/X/21/a%2Fb%3F%27?17=221231&4301=A%2520B',
    );
    expect(elementsOf(uri)).toBe("(01)09506000134352(10)X(21)a/b?'(17)221231(4301)A%20B");
  });
});
