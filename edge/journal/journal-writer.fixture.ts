/**
 * A process for crash tests: appends events numbered from 1, and says on standard output what was settled, a number a
 * line. For ever, unless its second argument, JSON, says how far and how: see `WriterPlan`.
 */
import { writeSync } from 'node:fs';

import { open, scanOf } from './testing/test-journal.ts';
import { GROUP_EVENTS_MAX, paddingOf, type WriterPlan } from './testing/writer-plan.ts';

const [directory = '', plan = '{}'] = process.argv.slice(2);
const { segmentBytesMax, eventsMax, pauseMs, appliedBehind }: WriterPlan = {
  segmentBytesMax: 200_000,
  eventsMax: Number.POSITIVE_INFINITY,
  pauseMs: 0,
  ...(JSON.parse(plan) as Partial<WriterPlan>),
};
const journal = await open(directory, { segmentBytesMax });
let next = journal.accounts().headSeq + 1;
let inFlight = 0;

/** Groups of one event up to the most. */
function pump(): void {
  for (let left = 1 + ((next * 37) % GROUP_EVENTS_MAX); left > 0 && next <= eventsMax; left--) {
    const deviceSeq = next++;
    inFlight++;
    const removed = deviceSeq % 5 === 0 ? ['sampling'] : [];
    const kept = [scanOf(deviceSeq, paddingOf(deviceSeq))];
    journal.append({ kept, removed }, (error) => {
      // Standard output is a file: what was written to it outlives the process.
      if (error === undefined) writeSync(1, `${deviceSeq}\n`);
      if (--inFlight === 0) afterGroup(deviceSeq);
    });
  }
}

function afterGroup(settled: number): void {
  if (appliedBehind !== undefined && settled > appliedBehind) {
    const applied = settled - appliedBehind;
    writeSync(1, `applied ${applied}\n`);
    journal.setApplied([[1, applied]]);
  }
  if (settled >= eventsMax) void journal[Symbol.asyncDispose]();
  else if (pauseMs > 0) setTimeout(pump, pauseMs);
  else setImmediate(pump);
}

pump();
