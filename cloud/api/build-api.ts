/** The API on Fastify. */
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

import swagger from '@fastify/swagger';
import {
  fastify,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { z } from 'zod';

import { type ApiOptions, LIMITS } from './api.ts';
import { Problem, PROBLEM_TYPE, problemOf, problemSchema } from './problem.ts';
import type { Context, Route } from './route.ts';
import { getGateway } from './routes/get-gateway.ts';
import { getHealth } from './routes/get-health.ts';
import { getParcel } from './routes/get-parcel.ts';
import { getReadiness } from './routes/get-readiness.ts';
import { getVehicle } from './routes/get-vehicle.ts';
import { listGateways } from './routes/list-gateways.ts';
import { listParcelEvents } from './routes/list-parcel-events.ts';
import { listVehiclePositions } from './routes/list-vehicle-positions.ts';

const ROUTES: readonly Route[] = [
  getParcel,
  listParcelEvents,
  getVehicle,
  listVehiclePositions,
  getGateway,
  listGateways,
  getHealth,
  getReadiness,
];

/** Of every answer. */
const HEADERS = { 'cache-control': 'private, no-store', 'x-content-type-options': 'nosniff' };

/** The API only reads. */
const METHODS = ['GET', 'HEAD'];

/** The API, not listening yet: the caller says where, and closes it. */
export function buildApi({ queries, probes, log }: ApiOptions): FastifyInstance {
  const loggerInstance: FastifyBaseLogger = log;
  const app = fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    http: { maxHeaderSize: LIMITS.headerBytesMax },
    bodyLimit: LIMITS.bodyBytesMax,
    requestTimeout: LIMITS.requestTimeoutMs,
    handlerTimeout: LIMITS.answerTimeoutMs,
    // A parameter is as long as the URL lets it be; what is too long for an id is told so by the route.
    routerOptions: { maxParamLength: LIMITS.urlLengthMax },
    frameworkErrors: answerError,
    clientErrorHandler: answerBrokenRequest,
  });
  app.server.maxConnections = LIMITS.connectionsMax;

  // Questions are checked by the route; answers are plain JSON.
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => (answer) => JSON.stringify(answer));
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((request, reply) => {
    send(reply, new Problem({ status: 404, detail: 'there is nothing at this path' }), request);
  });
  app.addHook('onRequest', async ({ method, url }, reply) => {
    reply.headers(HEADERS);
    if (url.length > LIMITS.urlLengthMax) throw urlTooLong();
    if (!METHODS.includes(method)) throw methodNotAllowed();
  });

  // Not awaited: both are loaded when the API is made ready, and a failure rejects that.
  void app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Tallyport',
        version: '1',
        description: 'Where each parcel and vehicle is, and how complete that is.',
      },
    },
  });
  void app.register(async (scope) => {
    for (const each of ROUTES) serve(scope, each, { queries, probes });
    scope.get('/openapi.json', { schema: { hide: true } }, () => scope.swagger());
  });
  return app;
}

function serve(scope: FastifyInstance, { path, handle, ...route }: Route, context: Context): void {
  const url = path.replaceAll(/\{(\w+)\}/gu, ':$1');
  const problems = { 400: 'The request is at fault.', 503: 'Try again.', ...route.problems };
  scope.get(url, {
    schema: {
      summary: route.summary,
      params: jsonSchema(route.params, 'input'),
      querystring: jsonSchema(route.query, 'input'),
      response: {
        200: { description: 'The answer.', ...jsonSchema(route.answer, 'output') },
        ...Object.fromEntries(
          Object.entries(problems).map(([status, description]) => [
            status,
            {
              description,
              content: { [PROBLEM_TYPE]: { schema: jsonSchema(problemSchema, 'output') } },
            },
          ]),
        ),
      },
    },
    handler: ({ params, query }) => handle({ params, query }, context),
  });
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
}

function urlTooLong(): Problem {
  return new Problem({
    status: 414,
    detail: `expected a URL of at most ${LIMITS.urlLengthMax} characters`,
  });
}

/** Before anybody looks at a body. */
function methodNotAllowed(): Problem {
  const allow = METHODS.join(', ');
  return new Problem({ status: 405, detail: `expected ${allow}`, headers: { allow } });
}

function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const problem = problemOf(error);
  if (problem === undefined) request.log.error({ err: error }, 'a request failed');
  send(reply, problem ?? fault(request.id), request);
}

function fault(requestId: string): Problem {
  return new Problem({ status: 500, detail: `a fault of ours; the log has it as ${requestId}` });
}

function send(reply: FastifyReply, problem: Problem, request: FastifyRequest): void {
  const instance = request.url.slice(0, LIMITS.urlLengthMax).replace(/\?.*/su, '');
  // As a string, so that no schema of the route looks at it.
  void reply
    .code(problem.status)
    .headers({ ...HEADERS, ...problem.headers, 'content-type': PROBLEM_TYPE })
    .send(JSON.stringify(problem.body(instance)));
}

/** What is not HTTP, or more of it than we take: there is no request to answer, only a connection. */
function answerBrokenRequest(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? 431
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? 408
        : 400;
  const problem = new Problem({ status, detail: 'expected an HTTP request within our limits' });
  const body = JSON.stringify(problem.body('/'));
  const headers = {
    ...HEADERS,
    'content-type': PROBLEM_TYPE,
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  };
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.end([`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...head, '', body].join('\r\n'));
}
