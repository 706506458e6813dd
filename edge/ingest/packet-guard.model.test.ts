/** Whatever the chunks: what comes out is what went in, in whole packets, up to the first fault. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { PacketGuard, type GuardLimits } from './packet-guard.ts';

const LIMITS: GuardLimits = { packetBytesMax: 300, connectBytesMax: 40, packetsMax: 4 };

const packetOf = (first: number, body: Uint8Array): Buffer => {
  const length = body.length < 128 ? [body.length] : [(body.length & 127) | 128, body.length >> 7];
  return Buffer.concat([Buffer.from([first, ...length]), body]);
};

const connects = fc.uint8Array({ maxLength: 40 }).map((body) => packetOf(0x10, body));
/** Of any length, of two bytes, and of none. */
const others = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(0x30, 0x31, 0x32, 0x34, 0x3d, 0x82, 0xa2),
      fc.uint8Array({ maxLength: 300, size: 'max' }),
    )
    .map(([first, body]) => packetOf(first, body)),
  fc
    .tuple(fc.constantFrom(0x40, 0x50, 0x62, 0x70), fc.integer({ min: 1, max: 65_535 }))
    .map(([first, id]) => packetOf(first, Buffer.from([id >> 8, id & 255]))),
  fc.constantFrom(0xc0, 0xe0).map((first) => packetOf(first, Buffer.alloc(0))),
);

const isSubscribers = (first: number): boolean => [4, 5, 7, 8, 10].includes(first >> 4);

/** Where to cut: one byte at a time, at random, or not at all. */
const cuts = fc.oneof(
  fc.constant([1]),
  fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1 }),
);

function* chunksOf(bytes: Buffer, lengths: readonly number[]): Generator<Buffer> {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const length = lengths[i % lengths.length] ?? 1;
    // A copy, as of a socket; it may be written over once it was pushed and the next one comes.
    yield Buffer.from(bytes.subarray(at, at + length));
    at += length;
  }
}

/** All that is let through of chunks, in runs. */
function runsOf(guard: PacketGuard, chunks: Iterable<Buffer>): Buffer[] {
  const runs: Buffer[] = [];
  for (const chunk of chunks) {
    guard.push(chunk);
    for (let run = guard.take(); run !== undefined; run = guard.take()) {
      runs.push(run);
      guard.admit();
    }
  }
  return runs;
}

describe('a guard', () => {
  test('lets whole packets through unchanged, whatever the chunks', () => {
    fc.assert(
      fc.property(connects, fc.array(others), cuts, (connect, rest, lengths) => {
        const packets = [connect, ...rest];
        const boundaries = new Set<number>([0]);
        for (let at = 0, i = 0; i < packets.length; i++) {
          at += packets[i]?.length ?? 0;
          boundaries.add(at);
        }
        const guard = new PacketGuard(LIMITS);
        const runs = runsOf(guard, chunksOf(Buffer.concat(packets), lengths));
        expect(Buffer.concat(runs).equals(Buffer.concat(packets))).toBe(true);
        expect(runs[0]?.equals(connect)).toBe(true);
        let end = 0;
        for (const run of runs) {
          expect(boundaries.has((end += run.length))).toBe(true);
          if (!isSubscribers(run[0] ?? 0)) continue;
          // It has another reader, so it comes alone.
          expect(packets.some((each) => each.equals(run))).toBe(true);
        }
        expect(guard.fault).toBeUndefined();
        expect(guard.heldBytes).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  test('G7 bounded: finds every fault when its header is there, whatever the chunks', () => {
    const faults = fc.constantFrom(
      { fault: 'packet-too-long', bytes: Buffer.from([0x30, 0xad, 0x02]) },
      { fault: 'packet-too-long', bytes: Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f]) },
      { fault: 'packet-length', bytes: Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff]) },
      ...[0x00, 0x20, 0x90, 0xb0, 0xd0, 0xf0].map((first) => ({
        fault: 'packet-type',
        bytes: Buffer.from([first]),
      })),
      // Flags that MQTT-2.2.2-2 reserves, QoS 3, and a copy of what is sent once.
      ...[0x11, 0x36, 0x38, 0x41, 0x5f, 0x60, 0x72, 0x80, 0x83, 0xa0, 0xc1, 0xe8].map((first) => ({
        fault: 'protocol',
        bytes: Buffer.from([first]),
      })),
      // A length that is not that of the type.
      ...[0x40, 0x50, 0x62, 0x70].flatMap((first) =>
        [0, 1, 3].map((length) => ({
          fault: 'packet-length',
          bytes: Buffer.from([first, length]),
        })),
      ),
      ...[0xc0, 0xe0].map((first) => ({
        fault: 'packet-length',
        bytes: Buffer.from([first, 1]),
      })),
      { fault: 'packet-id', bytes: Buffer.from([0x62, 2, 0, 0]) },
    );
    fc.assert(
      fc.property(
        connects,
        fc.array(others),
        faults,
        cuts,
        (connect, rest, { fault, bytes }, lengths) => {
          const sound = Buffer.concat([connect, ...rest]);
          const guard = new PacketGuard({ ...LIMITS, packetsMax: 1 });
          const runs = runsOf(guard, chunksOf(Buffer.concat([sound, bytes]), lengths));
          expect(guard.fault).toBe(fault);
          expect(guard.heldBytes).toBe(0);
          expect(Buffer.concat(runs).equals(sound)).toBe(true);
          guard.push(connect);
          expect(guard.take()).toBeUndefined();
        },
      ),
      { numRuns: 500 },
    );
  });

  test('G7 bounded: holds no more than a chunk and a packet', () => {
    fc.assert(
      fc.property(connects, fc.array(others), cuts, (connect, rest, lengths) => {
        const guard = new PacketGuard(LIMITS);
        for (const chunk of chunksOf(Buffer.concat([connect, ...rest]), lengths)) {
          guard.push(chunk);
          while (guard.take() !== undefined) guard.admit();
          expect(guard.heldBytes).toBeLessThanOrEqual(chunk.length + LIMITS.packetBytesMax + 5);
        }
      }),
    );
  });

  test('takes anything for bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ size: 'max', maxLength: 2000 }), cuts, (bytes, lengths) => {
        const guard = new PacketGuard(LIMITS);
        const runs = runsOf(guard, chunksOf(Buffer.from(bytes), lengths));
        expect(Buffer.concat(runs).equals(bytes.subarray(0, Buffer.concat(runs).length))).toBe(
          true,
        );
      }),
    );
  });
});

describe('the first packet', () => {
  test.each([
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\n')],
    ['TLS', Buffer.from([0x16, 0x03, 0x01])],
    ['a PUBLISH', Buffer.from([0x30])],
    ['a CONNECT with flags', Buffer.from([0x12])],
  ])('is not %s', (_, bytes) => {
    const guard = new PacketGuard(LIMITS);
    guard.push(bytes);
    expect(guard.take()).toBeUndefined();
    expect(guard.fault).toBe('first-packet');
  });

  test('has a limit of its own', () => {
    const guard = new PacketGuard(LIMITS);
    guard.push(Buffer.from([0x10, 41]));
    expect(guard.take()).toBeUndefined();
    expect(guard.fault).toBe('packet-too-long');
  });

  test('comes alone, and what follows waits until it is admitted', () => {
    const guard = new PacketGuard(LIMITS);
    const connect = packetOf(0x10, Buffer.from('connect'));
    const publish = packetOf(0x30, Buffer.from('publish'));
    guard.push(Buffer.concat([connect, publish]));
    expect(guard.take()).toEqual(connect);
    expect(guard.take()).toBeUndefined();
    guard.admit();
    expect(guard.take()).toEqual(publish);
  });
});
