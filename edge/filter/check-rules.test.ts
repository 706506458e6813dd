/** `tally edge check --replay` on journals as gateways leave them. */
import { readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test, vi } from 'vitest';

import { memoryDir } from '#shared/testing/temp-dir.ts';

import { append, open } from '../journal/testing/test-journal.ts';
import { checkRules, replayFilters } from './check-rules-command.ts';
import { fix, rulesOf, SIX_O_CLOCK_MS, tagRead } from './testing/depot.ts';

const RULES = rulesOf(`
- { name: dock-doors, match: { kind: scan }, condense: { exitAfterS: 30 } }
- { name: a-name-that-is-far-too-long-for-a-table-of-eighty-columns, match: { kind: position }, deadband: { distanceM: 50 } }
`);

/** Of an hour, a read and a position a minute apart: 60 of each. */
const HOUR = Array.from({ length: 60 }, (_, minute) => [
  tagRead({ at: minute * 60 }),
  tagRead({ at: minute * 60 + 1 }),
  fix({ at: minute * 60, lat: 48.1, lon: 11.5 }),
]);

async function filled(directory: string, options = {}) {
  const journal = await open(directory, options);
  for (const events of HOUR) expect(await append(journal, events)).toBeUndefined();
  return journal;
}

async function printed(run: () => Promise<unknown>): Promise<string[]> {
  const lines: string[] = [];
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    lines.push(...String(text).split('\n').slice(0, -1));
    return true;
  });
  try {
    await run();
  } finally {
    write.mockRestore();
  }
  return lines;
}

test('the journal of a running gateway says what new rules would have removed, in a table of 80 columns', async () => {
  await using directory = await memoryDir('rules');
  await using _journal = await filled(directory.path);
  const lines = await printed(() => replayFilters(directory.path, RULES, SIX_O_CLOCK_MS));
  expect(lines).toEqual([
    `journal    ${directory.path}`,
    'events     180 from 2026-11-20T05:00:00.000Z to 2026-11-20T05:59:01.000Z',
    '',
    'rule                      seen  removed  %     would keep  removed by kind',
    'dock-doors                120   60       50.0  60          scan 60',
    'a-name-that-is-far-too-…  60    59       98.3  1           position 59',
    '',
    'in all: 119 removed (49.6 %), 60 made, 121 kept',
    'What the rules of that time removed is not in the journal, and was not tried.',
  ]);
});

test('only the last hours are replayed where the journal holds more', async () => {
  await using directory = await memoryDir('rules');
  await using _journal = await filled(directory.path);
  const sinceMs = SIX_O_CLOCK_MS + 30 * 60_000;
  expect(await checkRules(directory.path, RULES, { sinceMs, quiet: true })).toMatchObject({
    events: 90,
    fromMs: sinceMs,
    rules: [{ seen: 60 }, { seen: 30 }],
    problems: [],
  });
});

test('a journal that holds nothing of that time says so', async () => {
  await using directory = await memoryDir('rules');
  await using _journal = await filled(directory.path);
  const lines = await printed(() =>
    replayFilters(directory.path, RULES, SIX_O_CLOCK_MS + 86_400_000),
  );
  expect(lines).toEqual([
    `journal    ${directory.path}`,
    'events     none since 2026-11-21T05:00:00.000Z: there is nothing to try the rules on',
  ]);
});

test('what a rule cannot judge is told, with the reason', async () => {
  await using directory = await memoryDir('rules');
  await using _journal = await filled(directory.path);
  const rules = rulesOf(
    `[{ name: odd, match: { kind: scan }, drop: { when: 'int(parcelId + "x") > 1' } }]`,
  );
  const lines = await printed(() => replayFilters(directory.path, rules, 0));
  expect(lines.at(-1)).toMatch(/^! odd: 120 it could not judge, and kept: int\(\) type error/u);
});

test('G8 salvage: of a damaged journal the rest is replayed, and what is amiss is named', async () => {
  await using directory = await memoryDir('rules');
  await using journal = await filled(directory.path, { segmentBytesMax: 8192 });
  await journal[Symbol.asyncDispose]();
  const [, second = ''] = readdirSync(directory.path)
    .filter((name) => name.startsWith('segment-') && name.endsWith('.db'))
    .toSorted();
  truncateSync(join(directory.path, second), 100);
  const checked = await checkRules(directory.path, RULES, { sinceMs: 0, quiet: true });
  expect(checked.events).toBeGreaterThan(0);
  expect(checked.events).toBeLessThan(180);
  expect(checked.problems.map(({ file }) => file)).toContain(second);
});

test('a directory that is no journal is refused', async () => {
  await using directory = await memoryDir('rules');
  await expect(
    checkRules(directory.path, RULES, { sinceMs: 0, quiet: true }),
  ).rejects.toMatchObject({
    code: 'not-a-journal',
  });
});
