/** A journal under load in a process whose disk is slow; says in JSON how it fared. */
import { round } from './figures.ts';
import { appendAll, eventLoopP99, openBenchJournal } from './journal-load.ts';
import { readMixEvents, REFERENCE_MIX } from './mix.ts';

const [directory = ''] = process.argv.slice(2);
/** What 20 connections with a window of 100 have under way. */
const IN_FLIGHT = 2000;
const COUNT = 200_000;

const events = await readMixEvents(REFERENCE_MIX);
await using journal = await openBenchJournal(directory);
await appendAll(journal, events, { count: IN_FLIGHT, inFlight: IN_FLIGHT });
let perSecond = 0;
const eventLoopMsP99 = await eventLoopP99(async () => {
  perSecond = await appendAll(journal, events, { count: COUNT, inFlight: IN_FLIGHT });
});
process.stdout.write(
  JSON.stringify({ eventsPerSecond: Math.round(perSecond), eventLoopMsP99: round(eventLoopMsP99) }),
);
