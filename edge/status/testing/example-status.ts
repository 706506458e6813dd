/** A gateway for tests whose numbers close, and the same in trouble. */
import type { Status } from '../status.ts';

const DELIVERY = {
  sessions: 44,
  subscriptions: 9,
  retained: 120,
  heldBytes: 70_000,
  sent: 9000,
  dropped: 2,
  notRetained: 0,
};

export function exampleStatus(changes: Partial<Status> = {}): Status {
  return {
    site: 'berlin-01',
    gateway: 'gw-berlin-01',
    version: '0.1.0',
    pid: 4711,
    startedAt: '2026-11-23T05:00:00.000Z',
    uptimeS: 11_100,
    clock: {
      now: '2026-11-23T08:05:00.000Z',
      bootId: 'b007b007b007',
      trust: 'synced',
      offsetMs: 1_795_000_000_000,
    },
    journal: {
      ageS: 0.4,
      bytes: 1_288_490_189,
      bytesMax: 4_294_967_296,
      segments: 78,
      isReserveSetAside: true,
      classes: {
        telemetry: { events: 5_120_345, bytes: 921_662_100 },
        status: { events: 1200, bytes: 96_000 },
        raw: { events: 0, bytes: 0 },
        custody: { events: 40_455, bytes: 9_709_200 },
      },
      oldestPendingAgeS: 10_800,
      epochs: epochs(),
    },
    flow: {
      in: { eventsPerS: 478.2, bytesPerS: 86_076 },
      out: { eventsPerS: 0.4, bytesPerS: 72 },
      timeToFullS: 29_000,
      timeToDrainedS: null,
    },
    link: { connected: true, forS: 4000, lastError: null },
    commits: {
      commits: 90_000,
      events: 5_160_000,
      msP50: 2.13,
      msP99: 12,
      flashBytesPerEvent: 412.5,
    },
    ingest: {
      connections: 41,
      unsettled: 3,
      messages: [12, 5_161_000, 7],
      withheld: 0,
      refused: { topic: 3, 'keep-alive': 12 },
      delivery: DELIVERY,
    },
    brokers: [
      {
        name: 'hall-1',
        state: 'connected',
        unsettled: 2,
        messages: [0, 41_000, 12],
        withheld: 0,
        refused: { topic: 1 },
      },
    ],
    problems: [],
    ...changes,
  };
}

export function troubledStatus(): Status {
  const reason =
    'connection refused by 203.0.113.17:4222, which is a rather long way to say that the cable is out';
  return exampleStatus({
    clock: {
      now: '1970-01-01T03:05:00.000Z',
      bootId: 'b007b007b007',
      trust: 'unset',
      offsetMs: -5000,
    },
    link: { connected: false, forS: 10_800, lastError: { reason, agoS: 12 } },
    problems: [
      {
        code: 'link-down',
        message: `no connection to NATS for 3 h: ${reason}`,
        next: 'check the network, the addresses in uplink.servers, and that NATS runs there',
      },
      { code: 'clock-unset', message: 'the clock has not been set for 3 h', next: 'set the clock' },
    ],
  });
}

function epochs(): Status['journal']['epochs'] {
  return [
    {
      epoch: 'q4m2zt7abcdefghi',
      isCurrent: false,
      received: 1000,
      filtered: {},
      headSeq: 1000,
      applied: 900,
      stored: 50,
      pending: 100,
      shed: { damaged: 7 },
      shedRanges: [{ first: 1201, last: 1243, reason: 'damaged' }],
    },
    {
      epoch: 'aaaabbbbccccdddd',
      isCurrent: true,
      received: 7_163_000,
      filtered: { redelivery: 1100 },
      headSeq: 7_161_900,
      applied: 2_000_000,
      stored: 8000,
      pending: 5_161_900,
      shed: { thinned: 90, telemetry: 10, damaged: 3 },
      shedRanges: [],
    },
  ];
}
