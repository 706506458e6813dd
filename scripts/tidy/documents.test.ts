import { describe, expect, test } from 'vitest';

import { commands, links } from './documents.ts';

const README = 'README.md';

describe('links', () => {
  test('they lead to what there is; the web is not our business', () => {
    const text = [
      '[a](docs/ARCHITECTURE.md), [b](docs/), [c](./LICENSE#mit), [d](#here)',
      '[e](https://example.com/x), ![f](mailto:a@b.c)',
      '[g](docs/GONE.md) and [h](../outside.md)',
      '```ts',
      'const a = b[c](d.md);',
      '```',
    ].join('\n');
    const present = new Set(['docs/ARCHITECTURE.md', 'docs/', 'LICENSE']);
    expect(links([{ path: README, text }], (path) => present.has(path))).toEqual([
      { path: README, line: 3, message: 'docs/GONE.md leads nowhere' },
      { path: README, line: 3, message: '../outside.md leads nowhere' },
    ]);
  });

  test('they are relative to the document', () => {
    const document = { path: 'docs/ARCHITECTURE.md', text: '[a](../edge/edge.ts) [b](edge.ts)' };
    const found = links([document], (path) => path === 'edge/edge.ts');
    expect(found.map(({ message }) => message)).toEqual(['edge.ts leads nowhere']);
  });
});

describe('commands', () => {
  const known = {
    npmScripts: new Set(['start', 'test', 'check']),
    tally: new Set(['edge', 'edge run', 'translate']),
  };
  const problems = (...lines: string[]): string[] => {
    const text = ['Text: npm run nothing', '```sh', ...lines, '```', 'npm run nothing'].join('\n');
    return commands([{ path: README, text }], known).map(
      ({ line, message }) => `${line}: ${message}`,
    );
  };

  test.each([
    'npm ci && npm start',
    'npm start -- --data-dir /tmp/x | tee log',
    'npm run check; npm test -- edge/journal',
    'npx tally edge run --config edge.yaml',
    'npx tally --help',
    'tally translate < batch.bin',
    'NATS_SERVER_CACHE=/tmp npm test',
    'tally translate batch.bin',
    'mosquitto_pub -t scan/a -m {}',
    '# npm run nothing',
  ])('%s is fine', (line) => {
    expect(problems(line)).toEqual([]);
  });

  test.each([
    ['npm run bench', 'there is no "npm run bench"'],
    ['npm check', 'there is no "npm check"'],
    ['npm ci && npm run e2e', 'there is no "npm run e2e"'],
    ['npx tally edge walk --config a', 'there is no "tally edge walk"'],
    ['tally replay', 'there is no "tally replay"'],
  ])('%s is not', (line, problem) => {
    expect(problems(line)).toEqual([`3: ${problem}`]);
  });

  test('blocks in other languages are not read', () => {
    const text = '```text\nnpm run nothing\n```\n```sh\nnpm test\n```\n```\nnpm run nothing\n```';
    expect(commands([{ path: README, text }], known)).toEqual([]);
  });
});
