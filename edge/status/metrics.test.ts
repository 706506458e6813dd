import { describe, expect, test } from 'vitest';

import { metricsOf } from './metrics.ts';
import { exampleStatus, troubledStatus } from './testing/example-status.ts';

type Line = { readonly name: string; readonly labels: string; readonly value: number };

async function linesOf(status = exampleStatus()): Promise<Line[]> {
  return (await metricsOf(status))
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name = '', labels = '', value = ''] =
        /^([a-z_]+)(?:\{(.*)\})? (\S+)$/u.exec(line) ?? [];
      return { name, labels, value: Number(value) };
    });
}

/** The last word of a name that is no count: what it is measured in. */
const UNITS = /(?:_total|_seconds|_bytes|_events|_messages|_per_second|_bytes_per_event)$/u;
/** Counts of things, states that are 0 or 1, and what has only labels. */
const WITHOUT_UNIT = new Set(
  ['connections', 'journal_segments', 'past_epochs', 'link_connected', 'journal_reserve_set_aside']
    .concat('clock_trust', 'problem', 'info', 'broker_connected', 'broker_refused')
    .concat('sessions', 'subscriptions')
    .map((name) => `tally_edge_${name}`),
);

describe('metrics', () => {
  test('are named tally_edge_… with their unit, and each has a help and a type', async () => {
    const text = await metricsOf(exampleStatus());
    const names = new Set((await linesOf()).map(({ name }) => name));
    expect(names.size).toBeGreaterThan(30);
    expect([...names].filter((name) => !WITHOUT_UNIT.has(name) && !UNITS.test(name))).toEqual([]);
    for (const name of names) {
      expect(name).toMatch(/^tally_edge_[a-z][a-z_]+$/u);
      expect(text).toContain(`# HELP ${name} `);
      expect(text).toContain(`# TYPE ${name} ${name.endsWith('_total') ? 'counter' : 'gauge'}\n`);
    }
  });

  test('G7 bounded: labels are of the program, whatever the document says, and few', async () => {
    const strange = exampleStatus({
      problems: [{ code: 'not-of-this-version', message: 'm', next: 'n' }],
    });
    strange.ingest.refused['ring-1134'] = 5;
    const current = strange.journal.epochs.at(-1);
    for (let i = 0; i < 1000; i++) Object.assign(current?.filtered ?? {}, { [`rule-${i}`]: 1 });
    const lines = await linesOf(strange);
    const keys = new Set(lines.flatMap(({ labels }) => labels.match(/[a-z]+(?==")/gu) ?? []));
    expect([...keys].sort()).toEqual(
      [
        'broker',
        'class',
        'code',
        'epoch',
        'gateway',
        'qos',
        'quantile',
        'reason',
        'refusal',
        'rule',
      ]
        .concat('site', 'trust', 'version')
        .sort(),
    );
    expect(lines.length).toBeLessThan(150);
    expect(lines.filter(({ labels }) => /ring-1134|not-of-this-version/u.test(labels))).toEqual([]);
  });

  test('G4 accounts: what is counted of the epoch adds up', async () => {
    const lines = await linesOf();
    const sum = (name: string): number =>
      lines
        .filter((line) => line.name === `tally_edge_${name}`)
        .reduce((total, { value }) => total + value, 0);
    const past = exampleStatus().journal.epochs[0]?.pending ?? 0;
    expect(sum('received_events_total')).toBe(
      sum('filtered_events_total') + sum('applied_events_total') + sum('unapplied_events') - past,
    );
    expect(lines).toContainEqual({
      name: 'tally_edge_shed_events_total',
      labels: 'reason="damaged"',
      value: 3,
    });
  });

  test('what is not known is absent: no number stands for it', async () => {
    const names = (lines: readonly Line[]): string[] => lines.map(({ name }) => name);
    expect(names(await linesOf())).toContain('tally_edge_time_to_full_seconds');
    expect(names(await linesOf())).not.toContain('tally_edge_time_to_drained_seconds');
  });

  test('seconds and bytes are base units; a problem and the trust of the clock are 1', async () => {
    const lines = await linesOf(troubledStatus());
    const name = (of: string) => `tally_edge_${of}`;
    expect(lines).toEqual(
      expect.arrayContaining([
        { name: name('commit_duration_seconds'), labels: 'quantile="0.99"', value: 0.012 },
        { name: name('clock_trust'), labels: 'trust="unset"', value: 1 },
        { name: name('clock_trust'), labels: 'trust="synced"', value: 0 },
        { name: name('clock_offset_seconds'), labels: '', value: -5 },
        { name: name('problem'), labels: 'code="link-down"', value: 1 },
        { name: name('problem'), labels: 'code="journal-full"', value: 0 },
        { name: name('link_connected'), labels: '', value: 0 },
      ]),
    );
  });
});
