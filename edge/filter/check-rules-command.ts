/** `tally edge check --replay`: what new rules would have removed of what the journal still holds. */
import { numbersIn } from '../journal/image-accounts.ts';
import { stretchesOf } from '../journal/image-stretches.ts';
import { readJournalImage, type JournalProblem } from '../journal/journal-image.ts';
import { countText, print, printProblems, table, timeText } from '../replay/output.ts';
import { startProgress } from '../replay/progress.ts';
import type { FiltersConfig } from './filter-config.ts';
import {
  replayRules,
  type KindCounts,
  type RuleOutcome,
  type RulesReplay,
} from './replay-rules.ts';
import { storedEvents } from './stored-events.ts';

const READ = { eventsMax: 8192, bytesMax: 16 * 1024 * 1024, declareLost: false } as const;
/** A longer name is cut, so that the figures are not. */
const NAME_CHARACTERS_MAX = 24;

/** What rules would have done, and what is amiss in the journal that says so. */
export type CheckedRules = RulesReplay & {
  readonly fromMs: number | undefined;
  readonly untilMs: number | undefined;
  readonly problems: readonly JournalProblem[];
};

/**
 * Runs what a journal holds since a time (`sinceMs`, milliseconds since 1970) through the rules. The journal is only read, and
 * may be a running gateway's. `quiet` shows no bar.
 */
export async function checkRules(
  directory: string,
  rules: FiltersConfig,
  { sinceMs, quiet }: { readonly sinceMs: number; readonly quiet: boolean },
): Promise<CheckedRules> {
  const image = readJournalImage(directory);
  const problems = [...image.problems];
  let fromMs: number | undefined;
  let untilMs: number | undefined;
  using progress = startProgress({
    what: 'replaying',
    unit: 'events',
    total: numbersIn(image),
    quiet,
  });
  function* read(): ReturnType<typeof storedEvents> {
    let done = 0;
    const stretches = stretchesOf(image, {
      ...READ,
      onSegment: (found) => problems.push(...found.problems),
    });
    const counted = stretches.map((stretch) => {
      done += stretch.lastSeq - stretch.firstSeq + 1;
      progress.update(done);
      return stretch;
    });
    for (const stored of storedEvents(counted, sinceMs)) {
      fromMs ??= stored.event.receiveTimeMs;
      untilMs = Math.max(untilMs ?? 0, stored.event.receiveTimeMs);
      yield stored;
    }
  }
  const replay = await replayRules(read(), rules);
  return { ...replay, fromMs, untilMs, problems };
}

/** Runs them and prints what they would have done, for a person. */
export async function replayFilters(
  directory: string,
  rules: FiltersConfig,
  sinceMs: number,
): Promise<CheckedRules> {
  const checked = await checkRules(directory, rules, { sinceMs, quiet: false });
  printChecked(directory, checked, sinceMs);
  return checked;
}

function printChecked(directory: string, checked: CheckedRules, sinceMs: number): void {
  const { events, fromMs, untilMs, rules, problems } = checked;
  print(`journal    ${directory}`);
  if (fromMs === undefined || untilMs === undefined) {
    print(`events     none since ${timeText(sinceMs)}: there is nothing to try the rules on`);
  } else {
    print(`events     ${countText(events)} from ${timeText(fromMs)} to ${timeText(untilMs)}`);
    print('');
    print(table(['rule', 'seen', 'removed', '%', 'would keep', 'removed by kind'], rules.map(row)));
    print('');
    print(conclusion(checked));
    print('What the rules of that time removed is not in the journal, and was not tried.');
  }
  for (const { name, faults, fault } of rules)
    if (fault !== undefined)
      print(`! ${shortened(name)}: ${countText(faults)} it could not judge, and kept: ${fault}`);
  printProblems(problems);
}

function row({ name, seen, removed, removedByKind }: RuleOutcome): string[] {
  return [
    shortened(name),
    countText(seen),
    countText(removed),
    percentText(removed, seen),
    countText(seen - removed),
    kindsText(removedByKind),
  ];
}

function conclusion({ events, made, kept, removed }: RulesReplay): string {
  const ofAll = percentText(removed, events + made);
  const makes = made === 0 ? '' : `, ${countText(made)} made`;
  return `in all: ${countText(removed)} removed (${ofAll} %)${makes}, ${countText(kept)} kept`;
}

function percentText(part: number, whole: number): string {
  return whole === 0 ? '-' : ((part / whole) * 100).toFixed(1);
}

function kindsText(counts: KindCounts): string {
  return Object.entries(counts)
    .map(([kind, count]) => `${kind} ${countText(count)}`)
    .join(', ');
}

function shortened(name: string): string {
  return name.length <= NAME_CHARACTERS_MAX ? name : `${name.slice(0, NAME_CHARACTERS_MAX - 1)}…`;
}
