import { describe, expect, test } from 'vitest';

import { formatTable } from './table.ts';

describe('the table of a check', () => {
  test('says of each step how it went, how long it took and what its first problem is', () => {
    const rows = [
      { step: 'format', ok: true, seconds: 0.123, note: '' },
      { step: 'breaking', ok: true, seconds: 0, note: 'no released schema yet' },
      { step: 'types', ok: false, seconds: 12.3, note: '  a.ts(1,2): error\n TS1: no' },
    ];
    expect(formatTable(rows, false).split('\n')).toEqual([
      'step      result  seconds  first problem',
      '-'.repeat(80),
      'format    ok          0.1',
      'breaking  ok          0.0  no released schema yet',
      'types     FAILED     12.3  a.ts(1,2): error TS1: no',
    ]);
  });

  test('is never wider than 80 columns, and has colours only when asked for', () => {
    const rows = [{ step: 'lint', ok: false, seconds: 1, note: 'x'.repeat(200) }];
    const lines = formatTable(rows, false).split('\n');
    expect(Math.max(...lines.map((each) => each.length))).toBe(80);
    expect(lines.at(-1)).toMatch(/x…$/u);
    expect(formatTable(rows, true)).toContain('\u001B[31m');
  });
});
