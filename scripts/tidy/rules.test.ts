import { describe, expect, test } from 'vitest';

import type { Rule } from './rule.ts';
import { contracts } from './rules/contracts.ts';
import { deadFiles } from './rules/dead-files.ts';
import { direction } from './rules/direction.ts';
import { drivers } from './rules/drivers.ts';
import { noBarrel } from './rules/no-barrel.ts';
import { noNotes } from './rules/no-notes.ts';
import { promises } from './rules/promises.ts';
import { size } from './rules/size.ts';
import { parseSourceFile } from './source-file.ts';

/** What the rule says of these files, by path, as `<path>:<line>: <message>`. */
function check(rule: Rule, files: Readonly<Record<string, string>>): string[] {
  const parsed = Object.entries(files).map(([path, text]) => parseSourceFile(path, text));
  return rule(parsed).map(({ path, line, message }) => `${path}:${line}: ${message}`);
}

const lines = (count: number, line: string): string => `${line}\n`.repeat(count);

describe('size', () => {
  test('a file may have 400 lines of code, and any number of comments and blanks', () => {
    const free = `${lines(300, '// why')}${lines(100, '')}/**\n * more\n */\n`;
    const ok = `${lines(400, 'a();')}${free}`;
    expect(check(size, { 'edge/a.ts': ok })).toEqual([]);
    expect(check(size, { 'edge/a.ts': `${ok}a();\n` })).toEqual([
      'edge/a.ts:1: 401 lines of code, at most 400',
    ]);
  });

  test.each([
    ['one', (body: string) => `function one() ${body}`],
    ['two', (body: string) => `const two = () => ${body};`],
    ['three', (body: string) => `class C { static three() ${body} }`],
    ['four', (body: string) => `class C { four = async () => ${body}; }`],
    ['five', (body: string) => `const o = { five() ${body} };`],
    ['(anonymous)', (body: string) => `f(function* () ${body});`],
  ])('a function may have 70 lines of code: %s', (name, write) => {
    const body = (count: number): string => `{\n${lines(count - 2, 'a(); // why')}// free\n}`;
    expect(check(size, { 'edge/a.ts': write(body(70)) })).toEqual([]);
    expect(check(size, { 'edge/a.ts': write(body(71)) })).toEqual([
      `edge/a.ts:1: ${name} has 71 lines of code, a function at most 70`,
    ]);
  });

  test('the chapters of a test file may be longer, its tests not', () => {
    const body = lines(80, 'a();');
    expect(check(size, { 'a.test.ts': `describe('x', () => {\n${body}});` })).toEqual([]);
    expect(
      check(size, { 'a.test.ts': `describe('x', () => { test('y', () => {\n${body}}); });` }),
    ).toEqual(['a.test.ts:1: (anonymous) has 82 lines of code, a function at most 70']);
  });
});

describe('drivers', () => {
  test('one file of a side imports a driver, types included', () => {
    const found = check(drivers, {
      'edge/journal/sqlite.ts': "import Database from 'better-sqlite3';",
      'edge/journal/segment.ts': "import type { Database } from 'better-sqlite3';",
      'edge/replay/card.ts': "type D = import('better-sqlite3').Database;",
      'cloud/store/cache.ts': "import Database from 'better-sqlite3';",
    });
    expect(found).toEqual([
      'edge/journal/segment.ts:1: better-sqlite3 is imported by edge/journal/sqlite.ts already',
      'edge/replay/card.ts:1: better-sqlite3 is imported by edge/journal/sqlite.ts already',
    ]);
  });

  test('the packages of NATS count as one driver', () => {
    const found = check(drivers, {
      'edge/uplink/link.ts': "import { connect } from '@nats-io/transport-node';",
      'edge/uplink/send.ts': "export { jetstream } from '@nats-io/jetstream';",
    });
    expect(found).toEqual([
      'edge/uplink/send.ts:1: @nats-io/* is imported by edge/uplink/link.ts already',
    ]);
  });

  test('tests, their helpers and scripts import what they like', () => {
    const text = "import mqtt from 'mqtt';";
    const files = ['edge/a.ts', 'edge/a.test.ts', 'edge/testing/client.ts', 'scripts/simulate.ts'];
    expect(check(drivers, Object.fromEntries(files.map((path) => [path, text])))).toEqual([]);
  });
});

describe('direction', () => {
  test.each([
    ['edge/uplink/a.ts', '#shared/clock.ts'],
    ['edge/uplink/a.ts', '#proto/batch/batch.ts'],
    ['edge/uplink/a.ts', './b.ts'],
    ['edge/uplink/deep/a.ts', '../b.ts'],
    ['edge/uplink/a.ts', '../journal/journal.ts'],
    ['edge/edge.ts', './journal/threaded-journal.ts'],
    ['edge/main.ts', './edge.ts'],
    ['edge/replay-command.ts', './journal/journal-reader.ts'],
    ['edge/uplink/batch-worker.ts', '../journal/journal-reader.ts'],
    ['cloud/cloud.ts', './store/pglite.ts'],
    ['cloud/config.ts', './store/store.ts'],
    ['edge/config.ts', './ingest/mqtt-config.ts'],
    ['cloud/api/a.test.ts', '../store/pglite.ts'],
    ['cloud/api/a.test.ts', '#shared/testing/until.ts'],
    ['proto/batch/a.ts', 'protobufjs/minimal.js'],
    ['proto/batch/a.ts', 'node:zlib'],
    ['proto/batch/a.ts', '../gen/tallyport.js'],
    ['proto/batch/a.test.ts', 'fast-check'],
    ['shared/a.ts', 'zod'],
    ['scripts/start.ts', '../edge/journal/sqlite.ts'],
  ])('%s may import %s', (path, specifier) => {
    expect(check(direction, { [path]: `import '${specifier}';` })).toEqual([]);
  });

  test.each([
    ['edge/uplink/a.ts', '../../cloud/cloud.ts', 'edge does not import cloud'],
    ['cloud/a.test.ts', '../edge/edge.ts', 'cloud does not import edge'],
    ['edge/a.ts', '../scripts/start.ts', 'edge does not import scripts'],
    ['shared/a.ts', '#proto/batch/batch.ts', 'shared does not import proto'],
    ['shared/a.ts', '../edge/edge.ts', 'shared does not import edge'],
    ['proto/batch/a.ts', '../../edge/edge.ts', 'proto does not import edge'],
    ['proto/batch/a.ts', 'zod', 'proto imports protobufjs only'],
    ['edge/uplink/a.ts', '../../shared/clock.ts', 'is written #shared/clock.ts'],
    ['edge/uplink/a.ts', '#shared/testing/until.ts', 'is for tests only'],
    [
      'edge/uplink/a.ts',
      '../journal/segment.ts',
      'of edge/journal others know edge/journal/journal.ts only',
    ],
    [
      'edge/events.ts',
      './journal/segment.ts',
      'of edge/journal others know edge/journal/journal.ts only',
    ],
    ['edge/uplink/a.ts', '../config.ts', 'a stage does not know what is above it'],
  ])('%s may not import %s', (path, specifier, message) => {
    const imports = [
      `import { a } from '${specifier}';`,
      `export * from '${specifier}';`,
      `await import('${specifier}');`,
    ];
    for (const text of imports) {
      expect(check(direction, { [path]: text })).toEqual([`${path}:1: ${specifier}: ${message}`]);
    }
  });
});

describe('no barrel', () => {
  test('a file does something of its own', () => {
    const found = check(noBarrel, {
      'shared/index.ts': 'export const a = 1;',
      'shared/all.ts': "export * from './a.ts';\nexport { b } from './b.ts';",
      'shared/passed.ts': "import { a } from './a.ts';\nexport { a };",
      'shared/own.ts': "export { a } from './a.ts';\nexport const b = 1;",
      'shared/empty.ts': '// nothing',
    });
    const message = 'a barrel: import what it passes on where it is made';
    expect(found).toEqual(
      ['shared/index.ts', 'shared/all.ts', 'shared/passed.ts'].map(
        (path) => `${path}:1: ${message}`,
      ),
    );
  });
});

describe('contracts', () => {
  test('a contract begins with a doc comment, and explains each export', () => {
    const good =
      '/** Promises. */\nimport "./a.ts";\n\n/** A. */\nexport type A = 1;\n/** B. */\nexport const b = 1;\n';
    expect(check(contracts, { 'edge/filter/filter.ts': good })).toEqual([]);
    const bad =
      '// Promises.\nexport type A = 1;\n\n/** Not of B. */\n\nexport function b() {}\nexport { c };\n';
    expect(check(contracts, { 'cloud/store/store.ts': bad })).toEqual([
      'cloud/store/store.ts:1: a contract begins with a doc comment: what it promises',
      'cloud/store/store.ts:2: A has no doc comment',
      'cloud/store/store.ts:6: b has no doc comment',
    ]);
  });

  test('a stage has one; other files need none', () => {
    const files = {
      'edge/filter/rules.ts': 'export const a = 1;',
      'edge/ingest/testing/client.ts': '',
      'edge/config.ts': 'export const a = 1;',
      'shared/clock/sun.ts': '',
    };
    expect(check(contracts, files)).toEqual([
      'edge/filter/filter.ts:1: the contract of this stage is missing',
    ]);
  });
});

describe('promises', () => {
  test('a promise of a contract is attacked by a test, and a test attacks a promise', () => {
    const found = check(promises, {
      'edge/journal/journal.ts':
        '/**\n * - G1 durable-ack\n * - G12 and G13\n */\nexport type A = 1;',
      'edge/journal/segment.ts': '/** G7 */',
      'edge/journal/a.test.ts': "test('G1: it is on disk', () => {}); test('G3: once', () => {});",
    });
    expect(found).toEqual([
      'edge/journal/journal.ts:1: G12 is promised here, but no test names it',
      'edge/journal/a.test.ts:1: G3 is tested here, but no contract promises it',
    ]);
  });

  test('a test counts in every form that runs', () => {
    const contract = { 'edge/a/a.ts': '/** G1 G2 G3 G4 G5 */' };
    const tests = `
      describe('G1', () => {});
      test.each([1])('G2 %s', () => {});
      it(\`G3 \${x}\`, { timeout: 1 }, () => {});
      test.skip('G4', () => {});
      other('G5', () => {});`;
    expect(check(promises, { ...contract, 'edge/a/a.test.ts': tests })).toEqual([
      'edge/a/a.ts:1: G4 is promised here, but no test names it',
      'edge/a/a.ts:1: G5 is promised here, but no test names it',
    ]);
  });
});

describe('no notes', () => {
  test('comments leave nothing for later', () => {
    const note = ['TO', 'DO'].join('');
    const text = `const a = '${note}';\n// ${note}: later\n// a ${note.toLowerCase()} list`;
    expect(check(noNotes, { 'edge/a.ts': text })).toEqual([
      `edge/a.ts:2: ${note}: do it, or write an issue`,
    ]);
  });
});

describe('dead files', () => {
  test('every file is reached from something that runs', () => {
    const found = check(deadFiles, {
      'edge/main.ts': "import('./edge.ts');",
      'edge/edge.ts': "import type { J } from './journal/journal.ts';",
      'edge/journal/journal.ts': "new Worker(new URL('./journal-worker.ts', import.meta.url));",
      'edge/journal/journal-worker.ts': "export { a } from '#shared/a.ts';",
      'edge/journal/journal.crash.test.ts': "new URL('writer.fixture.ts', import.meta.url);",
      'edge/journal/writer.fixture.ts': '',
      'edge/journal/old.ts': "import './older.ts';",
      'edge/journal/older.ts': "import './old.ts';",
      'shared/a.ts': '',
      'shared/a.test.ts': "import './testing/b.ts';",
      'shared/testing/b.ts': '',
      'shared/testing/c.ts': '',
      'scripts/check.ts': "import './check/table.ts';",
      'scripts/check/table.ts': '',
      'vitest.config.ts': '',
    });
    expect(found).toEqual(
      ['edge/journal/old.ts', 'edge/journal/older.ts', 'shared/testing/c.ts'].map(
        (path) => `${path}:1: nothing reaches this file`,
      ),
    );
  });
});
