import { describe, expect, test } from 'vitest';

import { decodeWith, eventsWith, inputOf } from '../testing/decode-format.ts';
import { zebra } from './zebra.ts';

const round = (data: object): object => ({
  type: 'BALANCED_PERFORMANCE',
  timestamp: '2026-11-23T07:59:58Z',
  data,
});

describe('a sled', () => {
  test('tells tags and bar codes of a round, each an event', () => {
    const payload = round({
      tagData: [
        {
          EPC: 'e2003411',
          EPCid: 'E2003411',
          peakRssi: -52,
          seenCount: 14,
          eventNum: 1,
          antenna: 1,
        },
        { EPCid: '30395dfa', PC: '3000', zone: 'B' },
      ],
      barcodeData: [
        { decodedBarcode: '00106141412345678908', symbology: 'GS1_128', eventNum: 3 },
        { decodedBarcode: '036000291452', symbology: 'UPCA' },
      ],
    });
    const events = eventsWith(zebra, payload);
    expect(events).toMatchObject([
      { data: 'E2003411', rssiDbm: -52, readCount: 14, deviceSeq: 1, antenna: 1 },
      { data: '30395DFA', attributes: { pcHex: '3000', zone: 'B' } },
      {
        data: '00106141412345678908',
        parcelId: '106141412345678908',
        symbology: ']C1',
        deviceSeq: 3,
      },
      { data: '036000291452', symbology: ']E0', attributes: { labelType: 'UPCA' } },
    ]);
    for (const { attributes } of events) {
      expect(attributes).toMatchObject({ mode: 'BALANCED_PERFORMANCE' });
    }
    expect(events[0]?.attributes).not.toHaveProperty('EPCid');
  });

  test('may come in the name of its event', () => {
    expect(eventsWith(zebra, { dataEVT: round({ tagData: [{ EPC: 'AA' }] }) })).toMatchObject([
      { data: 'AA' },
    ]);
  });

  test('that read nothing says nothing', () => {
    expect(eventsWith(zebra, round({ tagData: [], barcodeData: [] }))).toEqual([]);
  });

  test('is named by its topic where no route does', () => {
    const input = inputOf(
      round({ tagData: [{ EPC: 'AA' }] }),
      'depot/DATA/clients/data1event/2135',
    );
    expect(zebra({ ...input, names: {} })).toMatchObject([{ deviceId: '2135' }]);
    expect(zebra({ ...input, message: { ...input.message, topic: 'x' }, names: {} })).toMatchObject(
      [{ deviceId: 'bridge' }],
    );
  });

  test('keeps two ids of a tag where they differ', () => {
    expect(eventsWith(zebra, round({ tagData: [{ EPC: 'AA', EPCid: 'BB' }] }))).toMatchObject([
      { data: 'AA', attributes: { EPCid: 'BB' } },
    ]);
  });

  test('G2 no-loss: an entry that is wrong is kept raw alone, as JSON', () => {
    const payload = round({ tagData: [{ EPC: 'AA' }, { peakRssi: 1 }, null], barcodeData: [{}] });
    const events = eventsWith(zebra, payload);
    expect(events).toMatchObject([
      { data: 'AA' },
      { kind: 'raw', reason: 'data.tagData[1].EPC: expected the id of a tag' },
      { kind: 'raw', reason: 'data.tagData[2].entry: expected an object' },
      { kind: 'raw', reason: 'data.barcodeData[0].decodedBarcode: expected text' },
    ]);
    const raw = events[1];
    expect(raw?.kind === 'raw' && JSON.parse(Buffer.from(raw.payload).toString())).toEqual(
      round({ tagData: [{ peakRssi: 1 }] }),
    );
  });

  test('with more tags than a message may have events is kept raw', () => {
    const tagData = Array.from({ length: 1001 }, () => ({ EPC: 'AA' }));
    expect(decodeWith(zebra, round({ tagData }))).toBe('payload: expected at most 1000 events');
  });
});
