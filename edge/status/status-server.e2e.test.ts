import { request } from 'node:http';
import { connect } from 'node:net';

import { describe, expect, test } from 'vitest';

import { until } from '#shared/testing/until.ts';

import { askGateway } from './ask-gateway.ts';
import { METRICS_CONTENT_TYPE } from './metrics.ts';
import { openStatusServer } from './status-server.ts';
import type { Status } from './status.ts';
import { exampleStatus } from './testing/example-status.ts';

type Answer = { readonly code: number | undefined; readonly type: string; readonly body: string };

/** `fetch` does not let the host be chosen. */
function ask(
  port: number,
  path: string,
  { method = 'GET', host = 'localhost' } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(
      { port, path, method, host: '127.0.0.1', headers: { host } },
      (answer) => {
        let body = '';
        answer.on('data', (part: Buffer) => (body += part.toString()));
        answer.on('end', () =>
          resolve({ code: answer.statusCode, type: answer.headers['content-type'] ?? '', body }),
        );
      },
    );
    asked.on('error', reject).end();
  });
}

async function open(status: () => Promise<Status | undefined> = async () => exampleStatus()) {
  const failures: unknown[] = [];
  const server = await openStatusServer({
    host: '127.0.0.1',
    port: 0,
    status,
    failed: (error) => void failures.push(error),
  });
  return {
    port: server.port,
    failures,
    [Symbol.asyncDispose]: async () => await server[Symbol.asyncDispose](),
  };
}

describe('the routes', () => {
  test('are the document and the metrics', async () => {
    await using server = await open();
    expect(await askGateway('127.0.0.1', server.port)).toEqual(exampleStatus());
    expect(await ask(server.port, '/status?pretty')).toMatchObject({
      code: 200,
      type: 'application/json',
    });
    const metrics = await ask(server.port, '/metrics');
    expect(metrics).toMatchObject({ code: 200, type: METRICS_CONTENT_TYPE });
    expect(metrics.body).toContain('tally_edge_info{site="berlin-01"');
    expect(await ask(server.port, '/metrics', { method: 'HEAD' })).toMatchObject({
      code: 200,
      body: '',
    });
  });

  test('G11 isolation: nobody gets anything in the name of another host, and nothing can be posted', async () => {
    await using server = await open();
    for (const host of ['tally.example', '127.0.0.1.tally.example', '10.0.0.1:9464', 'x@:y'])
      expect(await ask(server.port, '/status', { host })).toMatchObject({ code: 403 });
    for (const host of ['127.0.0.1:9464', '[::1]:9464', 'localhost'])
      expect(await ask(server.port, '/status', { host })).toMatchObject({ code: 200 });
    expect(await ask(server.port, '/status', { method: 'POST' })).toMatchObject({ code: 405 });
    expect(await ask(server.port, '/')).toMatchObject({ code: 404 });
    expect(await ask(server.port, 'http://tally.example/status')).toMatchObject({ code: 404 });
  });

  test('say so while there is nothing to say, and when something fails', async () => {
    await using server = await open(async () => undefined);
    expect(await ask(server.port, '/status')).toMatchObject({ code: 503 });
    await using failing = await open(() => Promise.reject(new Error('bug')));
    expect(await ask(failing.port, '/metrics')).toMatchObject({ code: 500 });
    expect(failing.failures).toEqual([new Error('bug')]);
  });

  test('G7 bounded: connections beyond a few are closed, and one that says nothing is no hindrance at the end', async () => {
    await using server = await open();
    const sockets = Array.from({ length: 40 }, () => connect(server.port, '127.0.0.1'));
    let closed = 0;
    for (const socket of sockets) socket.on('error', () => {}).on('close', () => closed++);
    await until('the others to be closed', () => closed >= 24);
    expect(closed).toBe(24);
    for (const socket of sockets) socket.destroy();
  });
});

describe('asking', () => {
  test('a port where nothing listens is a gateway that does not run', async () => {
    const server = await open();
    await server[Symbol.asyncDispose]();
    expect(await askGateway('127.0.0.1', server.port)).toBeUndefined();
  });

  test('what answers and is no gateway is refused', async () => {
    await using server = await open(async () => ({ site: 'x' }) as never);
    await expect(askGateway('127.0.0.1', server.port)).rejects.toMatchObject({
      code: 'status-unavailable',
    });
    await using endless = await open(async () => ({
      ...exampleStatus(),
      version: 'x'.repeat(2_000_000),
    }));
    await expect(askGateway('127.0.0.1', endless.port)).rejects.toThrow('the answer is too long');
  });
});
