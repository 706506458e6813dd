import { describe, expect, test } from 'vitest';

import { decode, raw } from '../testing/decode-message.ts';

const LONG = 'x'.repeat(5000);

describe('G2 no-loss: what is not understood is kept raw, with the reason', () => {
  test.each([
    ['malformed JSON', 'scan/a', '{"data":', 'payload: expected JSON'],
    ['an empty payload', 'scan/a', '', 'payload: expected JSON, found nothing'],
    ['a number', 'scan/a', '42', 'payload: expected an object'],
    ['a number no double holds', 'status/a', '1e400', 'payload: expected an object'],
    ['null', 'status/a', 'null', 'payload: expected an object'],
    ['an empty array', 'scan/a', '[]', 'payload: expected an array of 1 to 1000 objects'],
    [
      'an array of 1001',
      'status/a',
      `[${'{},'.repeat(1000)}{}]`,
      'payload: expected an array of 1 to 1000 objects',
    ],
    ['no data', 'scan/a', '{}', 'data: expected text with a visible character'],
    [
      'data of spaces',
      'scan/a',
      '{"data":" \\u00a0\\u200b\\u001d"}',
      'data: expected text with a visible character',
    ],
    [
      'data that is a number',
      'scan/a',
      '{"data":42}',
      'data: expected text of at most 4096 characters',
    ],
    [
      'data that is too long',
      'scan/a',
      `{"data":"${LONG}"}`,
      'data: expected text of at most 4096 characters',
    ],
    [
      'an operator that is a number',
      'scan/a',
      '{"data":"x","operator":7}',
      'operator: expected text of at most 256 characters',
    ],
    [
      'a negative counter',
      'scan/a',
      '{"data":"x","seq":-1}',
      'seq: expected a number from 0 to 9007199254740991',
    ],
    [
      'a counter beyond a double',
      'scan/a',
      '{"data":"x","seq":9007199254740993}',
      'seq: expected a number from 0 to 9007199254740991',
    ],
    [
      'a counter with a fraction',
      'scan/a',
      '{"data":"x","seq":1.5}',
      'seq: expected a whole number from 0 to 9007199254740991',
    ],
    [
      'a latitude out of range',
      'position/a',
      '{"lat":90.1,"lon":0}',
      'lat: expected a number from -90 to 90',
    ],
    ['no longitude', 'position/a', '{"lat":1}', 'lon: expected a number from -180 to 180'],
    [
      'a latitude in words',
      'position/a',
      '{"lat":"north","lon":0}',
      'lat: expected a number from -90 to 90',
    ],
    [
      'a latitude in exponents',
      'position/a',
      '{"lat":"1e1","lon":0}',
      'lat: expected a number from -90 to 90',
    ],
    [
      'a latitude beyond a double',
      'position/a',
      '{"lat":1e999,"lon":0}',
      'lat: expected a number from -90 to 90',
    ],
    [
      'a latitude that is a truth',
      'position/a',
      '{"lat":true,"lon":0}',
      'lat: expected a number from -90 to 90',
    ],
    [
      'half a satellite',
      'position/a',
      '{"lat":1,"lon":1,"satellites":1.5}',
      'satellites: expected a whole number from 0 to 255',
    ],
    [
      'a heading of 361',
      'position/a',
      '{"lat":1,"lon":1,"headingDeg":361}',
      'headingDeg: expected a number from 0 to 360',
    ],
    ['no readings', 'reading/a', '{}', 'readings: expected an array of 1 to 1024 objects'],
    [
      'empty readings',
      'reading/a',
      '{"readings":[]}',
      'readings: expected an array of 1 to 1024 objects',
    ],
    [
      'readings that are not objects',
      'reading/a',
      '{"readings":[1]}',
      'readings: expected an array of 1 to 1024 objects',
    ],
    [
      'a reading without a name',
      'reading/a',
      '{"readings":[{"value":1}]}',
      'readings[0].name: expected text',
    ],
    [
      'a reading without a value',
      'reading/a',
      '{"readings":[{"name":"a","value":null}]}',
      'readings[0].value: expected a number, text, true or false',
    ],
    [
      'a reading beyond a double',
      'reading/a',
      '{"readings":[{"name":"a","value":1e999}]}',
      'readings[0].value: expected a number, text, true or false',
    ],
    ['a truth in words', 'status/a', '{"online":"yes"}', 'online: expected true or false'],
    [
      'a battery of 101 %',
      'status/a',
      '{"batteryPct":101}',
      'batteryPct: expected a number from 0 to 100',
    ],
    [
      'an absurd time',
      'status/a',
      '{"time":1e300}',
      'time: expected ISO 8601 with an offset, or seconds or milliseconds since 1970',
    ],
    [
      'a time without an offset',
      'status/a',
      '{"time":"2026-11-23T08:00:00"}',
      'time: expected ISO 8601 with an offset, or seconds or milliseconds since 1970',
    ],
    [
      'a time in the year 10000',
      'status/a',
      '{"time":"10000-01-01T00:00:00Z"}',
      'time: expected ISO 8601 with an offset, or seconds or milliseconds since 1970',
    ],
    [
      'a time that is an object',
      'status/a',
      '{"time":{}}',
      'time: expected ISO 8601 with an offset, or seconds or milliseconds since 1970',
    ],
    [
      'U+0000 in a field',
      'scan/a',
      '{"data":"a\\u0000"}',
      'data: expected text without U+0000 and without half a surrogate pair',
    ],
    [
      'half a surrogate pair in an attribute',
      'scan/a',
      '{"data":"a","note":"\\ud83d"}',
      'note: expected text without U+0000 and without half a surrogate pair',
    ],
    [
      'half a surrogate pair in a name',
      'scan/a',
      '{"data":"a","\\ud83d":1}',
      'payload: expected names of text without U+0000 and without half a surrogate pair',
    ],
    [
      'an attribute that is too long',
      'scan/a',
      `{"data":"a","note":"${LONG}${LONG}"}`,
      'note: expected at most 8192 characters',
    ],
    [
      'a name that is too long',
      'scan/a',
      `{"data":"a","${LONG}":1}`,
      'payload: expected names of at most 128 characters',
    ],
    [
      'a topic outside the profile',
      'weather/a',
      '{}',
      'topic: expected scan, position, reading or status, a slash and a device id',
    ],
    [
      'a topic without a slash',
      'scan',
      '{"data":"x"}',
      'topic: expected scan, position, reading or status, a slash and a device id',
    ],
  ])('%s', (_, topic, payload, reason) => {
    expect(decode(topic, payload)).toEqual([
      raw(topic, /^(?:weather|scan$)/u.test(topic) ? '' : 'a', reason, payload),
    ]);
  });

  test.each(['', 'A', 'a/b', 'a b', 'å', 'a'.repeat(65), '__proto__'])('device id %o', (id) => {
    expect(decode(`scan/${id}`, '{"data":"x"}')).toEqual([
      raw(
        `scan/${id}`,
        '',
        'topic: expected a device id of 1 to 64 of a-z, 0-9 and -',
        '{"data":"x"}',
      ),
    ]);
  });

  test('invalid UTF-8', () => {
    const payload = Buffer.from('{"data":"é"}', 'latin1');
    expect(decode('scan/a', payload)).toEqual([
      raw('scan/a', 'a', 'payload: expected UTF-8', payload),
    ]);
  });

  test('a payload of 300 KB', () => {
    const payload = JSON.stringify({ data: 'x', note: 'y'.repeat(300_000) });
    expect(decode('scan/a', payload)).toEqual([
      raw('scan/a', 'a', 'payload: expected at most 262144 bytes', payload),
    ]);
  });

  test('too many further fields', () => {
    const fields = Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`f${i}`, i]));
    expect(decode('status/a', fields)).toMatchObject([
      { kind: 'raw', reason: 'payload: expected at most 64 further fields' },
    ]);
  });

  test('the bytes are a copy', () => {
    const payload = Buffer.from('oops');
    const [event] = decode('scan/a', payload);
    payload.fill(0);
    expect(event).toEqual(raw('scan/a', 'a', 'payload: expected JSON', 'oops'));
  });
});
