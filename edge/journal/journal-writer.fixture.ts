/** A process for crash tests: appends for ever, and says on standard output what was settled, a number a line. */
import { writeSync } from 'node:fs';

import { open } from './testing/test-journal.ts';

const [directory = ''] = process.argv.slice(2);
const journal = await open(directory, { segmentBytesMax: 200_000 });
const IN_FLIGHT_MAX = 64;
let next = journal.accounts().headSeq + 1;
let inFlight = 0;

function pump(): void {
  while (inFlight < IN_FLIGHT_MAX) {
    const deviceSeq = next++;
    inFlight++;
    const removed = deviceSeq % 5 === 0 ? ['sampling'] : [];
    const label = `P-${deviceSeq}`;
    const event = {
      kind: 'scan',
      deviceId: 'ring-1',
      eventTimeMs: deviceSeq,
      receiveTimeMs: deviceSeq,
      timeQuality: 'device',
      data: label,
      parcelId: label,
      deviceSeq,
    } as const;
    journal.append({ kept: [event], removed }, (error) => {
      inFlight--;
      // Standard output is a file: what was written to it outlives the process.
      if (error === undefined) writeSync(1, `${deviceSeq}\n`);
      setImmediate(pump);
    });
  }
}

pump();
