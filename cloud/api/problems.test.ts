import { pino } from 'pino';
import { describe, expect, test } from 'vitest';

import { TallyError } from '#shared/errors.ts';

import { type ApiOptions, LIMITS } from './api.ts';
import { buildApi } from './build-api.ts';
import { COMPLETENESS, fakeQueries, noQueries } from './testing/fake-queries.ts';

type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Readonly<Record<string, unknown>>;
};

type Request = Partial<ApiOptions> & {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'DELETE' | 'OPTIONS' | 'PUT';
  readonly payload?: string;
};

async function ask(
  url: string,
  { method = 'GET', payload, ...options }: Request = {},
): Promise<Answer> {
  const api = buildApi({
    queries: noQueries(),
    probes: {},
    log: pino({ level: 'silent' }),
    ...options,
  });
  try {
    const answer = await api.inject({ method, url, ...(payload === undefined ? {} : { payload }) });
    const body: unknown = answer.body === '' ? {} : answer.json();
    return { status: answer.statusCode, headers: answer.headers, body: body as Answer['body'] };
  } finally {
    await api.close();
  }
}

const CURSOR_OF = (value: unknown): string =>
  Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a request that is at fault', () => {
  test.each([
    ['/v1/parcels/x/events?limit=0', 'limit', 'a whole number from 1 to 1000'],
    ['/v1/parcels/x/events?limit=1001', 'limit', 'a whole number from 1 to 1000'],
    ['/v1/parcels/x/events?limit=-1', 'limit', 'a whole number from 1 to 1000'],
    ['/v1/parcels/x/events?limit=1.5', 'limit', 'a whole number from 1 to 1000'],
    ['/v1/parcels/x/events?limit=1e2', 'limit', 'a whole number from 1 to 1000'],
    ['/v1/parcels/x/events?limit=', 'limit', 'a whole number from 1 to 1000'],
    ['/v1/parcels/x/events?limit=5&limit=6', 'limit', 'a whole number from 1 to 1000'],
    ['/v1/vehicles/truck-1/positions?limit=many', 'limit', 'a whole number from 1 to 1000'],
    ['/v1/gateways?limit=0', 'limit', 'a whole number from 1 to 1000'],
    ['/v1/parcels/x/events?cursor=', 'cursor', 'the `next` of an earlier page'],
    ['/v1/parcels/x/events?cursor=!!!', 'cursor', 'the `next` of an earlier page'],
    ['/v1/parcels/x/events?cursor=bm90IGpzb24', 'cursor', 'the `next` of an earlier page'],
    [`/v1/parcels/x/events?cursor=${CURSOR_OF({})}`, 'cursor', 'the `next` of an earlier page'],
    [
      `/v1/parcels/x/events?cursor=${CURSOR_OF([1, 'gw-1', 'e1'])}`,
      'cursor',
      'the `next` of an earlier page',
    ],
    [
      `/v1/parcels/x/events?cursor=${CURSOR_OF([1e300, 'gw-1', 'e1', 1])}`,
      'cursor',
      'the `next` of an earlier page',
    ],
    [
      `/v1/parcels/x/events?cursor=${CURSOR_OF([1, 'GW', 'e1', 1])}`,
      'cursor',
      'the `next` of an earlier page',
    ],
    [
      `/v1/parcels/x/events?cursor=${CURSOR_OF([1, 'gw-1', 'e1', 1.5])}`,
      'cursor',
      'the `next` of an earlier page',
    ],
    [`/v1/parcels/x/events?cursor=${'A'.repeat(513)}`, 'cursor', 'the `next` of an earlier page'],
    [
      `/v1/parcels/x/events?cursor=${CURSOR_OF(['gw-1'])}`,
      'cursor',
      'the `next` of an earlier page',
    ],
    [
      `/v1/gateways?cursor=${CURSOR_OF([1, 'gw-1', 'e1', 1])}`,
      'cursor',
      'the `next` of an earlier page',
    ],
    [
      '/v1/parcels/x/events?from=yesterday',
      'from',
      'a time with its offset, like 2026-11-23T08:00:00Z or 2026-11-23',
    ],
    [
      '/v1/parcels/x/events?from=2026-11-23T08:00',
      'from',
      'a time with its offset, like 2026-11-23T08:00:00Z or 2026-11-23',
    ],
    [
      '/v1/parcels/x/events?to=1795420800000',
      'to',
      'a time with its offset, like 2026-11-23T08:00:00Z or 2026-11-23',
    ],
    [
      '/v1/vehicles/truck-1/positions?to=2026-13-01',
      'to',
      'a time with its offset, like 2026-11-23T08:00:00Z or 2026-11-23',
    ],
    [`/v1/parcels/${'x'.repeat(129)}`, 'id', 'a parcel identifier of 1 to 128 characters'],
    [`/v1/parcels/${'x'.repeat(2000)}/events`, 'id', 'a parcel identifier of 1 to 128 characters'],
    ['/v1/parcels//events', 'id', 'a parcel identifier of 1 to 128 characters'],
    ['/v1/parcels/%20%20', 'id', 'a parcel identifier of 1 to 128 characters'],
    ['/v1/parcels/a%00b', 'id', 'a parcel identifier of 1 to 128 characters'],
    ['/v1/vehicles/Truck-1', 'id', '1 to 64 of a-z, 0-9 and -'],
    [`/v1/vehicles/${'x'.repeat(65)}`, 'id', '1 to 64 of a-z, 0-9 and -'],
    ['/v1/gateways/gw_1', 'id', '1 to 64 of a-z, 0-9 and -'],
  ])('%s: 400 names the field and what was expected', async (url, field, expected) => {
    const { status, headers, body } = await ask(url);
    expect(status).toBe(400);
    expect(headers['content-type']).toMatch(/^application\/problem\+json/u);
    expect(body).toStrictEqual({
      type: 'urn:tallyport:problem:bad-request',
      title: 'Bad Request',
      status: 400,
      detail: `${field}: expected ${expected}`,
      instance: url.replace(/\?.*/u, ''),
      field,
      expected,
    });
  });

  test('a parameter that there is not is named', async () => {
    expect((await ask('/v1/parcels/x/events?form=2026-11-23')).body).toMatchObject({
      status: 400,
      detail: 'form: there is no such parameter',
      field: 'form',
    });
  });

  test.each(['/v1/parcels/%ff', '/v1/parcels/%zz', '/v1/gateways/%'])(
    '%s: 400, for it is no URL',
    async (url) => {
      expect((await ask(url)).body).toMatchObject({
        type: 'about:blank',
        status: 400,
        detail: 'expected a well-formed URL: percent-encoded UTF-8',
      });
    },
  );

  test.each([
    '/',
    '/v1',
    '/v1/parcels',
    '/v1/parcels/x/',
    '/v1/parcels/x/events/y',
    '/v2/parcels/x',
  ])('%s: 404, for there is nothing', async (url) => {
    const { status, headers, body } = await ask(url);
    expect(status).toBe(404);
    expect(headers['content-type']).toMatch(/^application\/problem\+json/u);
    expect(body).toMatchObject({
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      instance: url,
    });
  });

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS'] as const)(
    '%s: 405 says what is allowed',
    async (method) => {
      const payload = '{'.repeat(LIMITS.bodyBytesMax + 1);
      const { status, headers, body } = await ask('/v1/parcels/x', { method, payload });
      expect(status).toBe(405);
      expect(headers['allow']).toBe('GET, HEAD');
      expect(body).toMatchObject({
        title: 'Method Not Allowed',
        status: 405,
        detail: 'expected GET, HEAD',
      });
    },
  );

  test.each(['/v1/parcels/', '/v1/gateways?cursor=', '/'])(
    'a URL that is too long: 414 (%s…)',
    async (start) => {
      const { status, body } = await ask(start + 'x'.repeat(LIMITS.urlLengthMax));
      expect(status).toBe(414);
      expect(body).toMatchObject({
        title: 'URI Too Long',
        detail: 'expected a URL of at most 4096 characters',
      });
    },
  );
});

describe('what is not known', () => {
  const unknown = { completeUntil: '2026-11-23T11:59:00.000Z', heldBackBy: [{ gateway: 'gw-2' }] };

  test('G12 complete-until: an unknown parcel is 404, with how complete that is', async () => {
    const { status, body } = await ask('/v1/parcels/(00)340123450000000017', {
      queries: fakeQueries(),
    });
    expect(status).toBe(404);
    expect(body).toMatchObject({
      type: 'urn:tallyport:problem:unknown-parcel',
      detail: 'no event of parcel 340123450000000017 is known',
      parcelId: '340123450000000017',
      ...unknown,
    });
  });

  test('G12 complete-until: an unknown vehicle is 404, with how complete that is', async () => {
    const { status, body } = await ask('/v1/vehicles/truck-1', { queries: fakeQueries() });
    expect(status).toBe(404);
    expect(body).toMatchObject({
      type: 'urn:tallyport:problem:unknown-vehicle',
      vehicleId: 'truck-1',
      ...unknown,
    });
  });

  test('an unknown gateway is 404', async () => {
    const { status, body } = await ask('/v1/gateways/gw-1', { queries: fakeQueries() });
    expect(status).toBe(404);
    expect(body).toMatchObject({ type: 'urn:tallyport:problem:unknown-gateway', gateway: 'gw-1' });
  });

  test.each(['/v1/parcels/x/events', '/v1/vehicles/x/positions'])(
    '%s of what is unknown is an empty page',
    async (url) => {
      const { status, body } = await ask(url, { queries: fakeQueries() });
      expect(status).toBe(200);
      expect(body).toMatchObject({ items: [], next: null, ...unknown });
    },
  );
});

describe('what goes wrong here', () => {
  const away = new TallyError('retry', 'database-unavailable', 'secret host is gone', {
    retryAfterMs: 2500,
  });

  test('the database is away: 503, with when to try again and nothing of how we are made', async () => {
    const queries = fakeQueries({ completeness: () => Promise.reject(away) });
    const { status, headers, body } = await ask('/v1/parcels/x', { queries });
    expect(status).toBe(503);
    expect(headers['retry-after']).toBe('3');
    expect(body).toMatchObject({
      type: 'urn:tallyport:problem:unavailable',
      title: 'Service Unavailable',
    });
    expect(JSON.stringify(body)).not.toContain('secret');
  });

  test('a fault of ours: 500 with the id that the log has it under, and no stack', async () => {
    const lines: string[] = [];
    const log = pino({ level: 'error' }, { write: (line: string) => void lines.push(line) });
    const queries = fakeQueries({
      parcel: () => Promise.reject(new Error('the secret of our make')),
    });
    const { status, body } = await ask('/v1/parcels/x', { queries, log });
    expect(status).toBe(500);
    expect(body).toStrictEqual({
      type: 'about:blank',
      title: 'Internal Server Error',
      status: 500,
      detail: expect.stringMatching(/^a fault of ours; the log has it as req-\w+$/u) as unknown,
      instance: '/v1/parcels/x',
    });
    expect(lines.join('')).toContain('the secret of our make');
    expect(lines.join('')).toContain(String(body['detail']).split(' ').at(-1));
  });
});

describe('every answer', () => {
  test.each([
    ['/healthz', 200],
    ['/v1/gateways', 200],
    ['/openapi.json', 200],
    ['/v1/parcels/x', 404],
    ['/v1/parcels/%ff', 400],
    ['/v1/gateways?limit=0', 400],
    ['/nothing', 404],
    ['/v1/parcels/…', 414],
  ])('%s is not kept by caches, and not taken for another type', async (start, status) => {
    const url = start.replace('…', 'x'.repeat(5000));
    const answer = await ask(url, { queries: fakeQueries() });
    expect(answer.status).toBe(status);
    expect(answer.headers).toMatchObject({
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
    });
  });

  test('HEAD is GET without the body', async () => {
    const { status, headers, body } = await ask('/healthz', { method: 'HEAD' });
    expect(status).toBe(200);
    expect(headers['content-length']).toBe('15');
    expect(body).toStrictEqual({});
  });
});

describe('readiness', () => {
  test('it is ready when the database answers and every part works', async () => {
    const { status, body } = await ask('/readyz', {
      queries: fakeQueries(),
      probes: { consolidating: () => true },
    });
    expect(status).toBe(200);
    expect(body).toStrictEqual({
      status: 'ready',
      checks: { database: 'ok', consolidating: 'ok' },
    });
  });

  test('it is not ready when a part does not work: 503 says which', async () => {
    const { status, headers, body } = await ask('/readyz', {
      queries: fakeQueries(),
      probes: { consolidating: () => false, other: () => true },
    });
    expect(status).toBe(503);
    expect(headers['retry-after']).toBe('1');
    expect(body).toMatchObject({
      detail: 'not ready: consolidating',
      checks: { database: 'ok', consolidating: 'not working', other: 'ok' },
    });
  });

  test('it is not ready when the database is away, and alive all the same', async () => {
    const queries = fakeQueries({
      ping: () =>
        Promise.reject(
          new TallyError('retry', 'database-unavailable', 'the database is not available'),
        ),
    });
    const { status, body } = await ask('/readyz', { queries });
    expect(status).toBe(503);
    expect(body).toMatchObject({ checks: { database: 'the database is not available' } });
    expect(await ask('/healthz', { queries })).toMatchObject({
      status: 200,
      body: { status: 'ok' },
    });
  });

  test('it is not ready when the database does not answer', async () => {
    const queries = fakeQueries({ ping: () => new Promise(() => {}) });
    const { status, body } = await ask('/readyz', { queries });
    expect(status).toBe(503);
    expect(body).toMatchObject({ checks: { database: 'does not answer' } });
  });
});

test('completeness is read before the events, so that it never claims more than there is', async () => {
  const asked: string[] = [];
  const queries = fakeQueries({
    completeness: async () => {
      asked.push('completeness begins');
      await Promise.resolve();
      asked.push('completeness ends');
      return COMPLETENESS;
    },
    parcel: () => Promise.resolve(void asked.push('parcel')).then(() => undefined),
    parcelEvents: () => Promise.resolve(asked.push('events')).then(() => []),
  });
  await ask('/v1/parcels/x', { queries });
  await ask('/v1/parcels/x/events', { queries });
  expect(asked).toStrictEqual([
    'completeness begins',
    'completeness ends',
    'parcel',
    'completeness begins',
    'completeness ends',
    'events',
  ]);
});

test('the description of the API is OpenAPI 3.1, of every path and its parameters', async () => {
  const { body } = await ask('/openapi.json');
  expect(body).toMatchObject({ openapi: '3.1.0' });
  const paths = body['paths'] as Record<
    string,
    { get: { parameters?: { name: string; in: string }[] } }
  >;
  const parameters = Object.entries(paths).map(([path, { get }]) => [
    path,
    get.parameters?.map(({ name }) => name).toSorted() ?? [],
  ]);
  expect(Object.fromEntries(parameters)).toStrictEqual({
    '/v1/parcels/{id}': ['id'],
    '/v1/parcels/{id}/events': ['cursor', 'from', 'id', 'limit', 'to'],
    '/v1/vehicles/{id}': ['id'],
    '/v1/vehicles/{id}/positions': ['cursor', 'from', 'id', 'limit', 'to'],
    '/v1/gateways': ['cursor', 'limit'],
    '/v1/gateways/{id}': ['id'],
    '/healthz': [],
    '/readyz': [],
  });
  expect(paths['/v1/gateways']?.get.parameters?.find(({ name }) => name === 'limit')).toMatchObject(
    {
      in: 'query',
      schema: { type: 'integer', minimum: 1, maximum: 1000 },
    },
  );
});
