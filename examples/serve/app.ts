import {isUtf8} from 'node:buffer';
import {
  fastify,
  FastifyError,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  FastifyServerOptions,
  LogController,
} from 'fastify';
import {reasonsOf} from 'tfjs-autofis/bundle';
import type {Metrics} from './metrics';
import {CONTENT_TYPE} from './prometheus';
import {columnsOf, EXAMPLE, RequestError} from './requests';
import type {Serving} from './serving';
import type {Limits} from './settings';

const ROUTES = 'There are POST /predict, GET /health and GET /metrics.';

/** What Fastify refuses by itself, in the words of this server. */
const REFUSALS: Record<string, (error: FastifyError, limits: Limits) => RequestError> = {
  FST_ERR_CTP_BODY_TOO_LARGE: (_, {maxBody}) =>
    new RequestError(
      413,
      'body_too_large',
      `The body must have at most ${maxBody} bytes. Send fewer rows in a request.`,
    ),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: error =>
    new RequestError(
      415,
      'bad_body',
      `${error.message}. Send JSON with the header \`content-type: application/json\`.`,
    ),
  FST_ERR_CTP_EMPTY_JSON_BODY: () => new RequestError(400, 'bad_body', `The body is empty. ${EXAMPLE}`),
  FST_ERR_BAD_URL: ({message}) => new RequestError(400, 'bad_request', `${message}. ${ROUTES}`),
  FST_ERR_CTP_INVALID_JSON_BODY: () => new RequestError(400, 'bad_body', `The body is not valid JSON. ${EXAMPLE}`),
};

/**
 * A server that answers with the probabilities of a bundle: `POST /predict`, `GET /health`, `GET /metrics`. It does not
 * listen yet. When it closes, it closes the engine.
 */
export function serveBundle(
  serving: Serving,
  limits: Limits,
  logger: FastifyServerOptions['logger'] = false,
): FastifyInstance {
  const app = newApp(serving, limits, logger);
  addRoutes(app, serving, limits);
  addRefusals(app, serving, limits);
  addClosing(app, serving);
  return app;
}

function newApp({metrics}: Serving, limits: Limits, logger: FastifyServerOptions['logger']): FastifyInstance {
  const app = fastify({
    frameworkErrors: refuser(metrics, limits),
    bodyLimit: limits.maxBody,
    logger,
    logController: new LogController({disableRequestLogging: true}),
    // A logger for each request would cost more than it tells.
    childLoggerFactory: own => own,
    // Node looks for requests that are late every 30 seconds by default.
    requestTimeout: 1000 * limits.requestSeconds,
    http: {headersTimeout: 1000 * limits.requestSeconds, connectionsCheckingInterval: 1000},
    clientErrorHandler(error, socket) {
      if (!socket.writable) return;
      const [status, reason, message] =
        error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
          ? [
              '408 Request Timeout',
              'too_slow',
              `The request did not arrive within ${limits.requestSeconds} seconds. Send it again, or a smaller one.`,
            ]
          : ['400 Bad Request', 'bad_request', `This is not HTTP: ${error.message}.`];
      metrics.refused(reason);
      const body = JSON.stringify({error: reason, message});
      socket.end(
        `HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ` +
          `${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
    },
  });
  readBodies(app);
  return app;
}

/** Bodies are JSON in UTF-8: in another encoding all texts with letters beyond ASCII would be unseen values. */
function readBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  // Looking for keys like __proto__ would take a second pass; they do no harm, as objects are never merged.
  const parse = app.getDefaultJsonParser('ignore', 'ignore');
  app.addContentTypeParser<Buffer>('application/json', {parseAs: 'buffer'}, (request, body, done) => {
    if (isUtf8(body)) return parse(request, body.toString(), done);
    return done(new RequestError(400, 'bad_body', 'The body is not valid UTF-8. Send JSON in UTF-8.'));
  });
}

function addRoutes(app: FastifyInstance, serving: Serving, limits: Limits): void {
  const {metrics} = serving;
  app.post<{Querystring: {explain?: string}}>('/predict', async ({body, query}, reply) => {
    const {probabilities, explanations, bundle} = await serving.answer(body, mostReasons(query.explain));
    reply.header('x-bundle', bundle);
    return {probabilities: Array.from(probabilities), explanations: explanations?.map(reasonsOf)};
  });
  app.get('/health', async () => {
    const {bundle, reason} = serving.engine;
    return {
      status: 'ok',
      backend: reason,
      bundle: bundle.hash,
      schemaHash: bundle.schemaHash,
      columns: columnsOf(bundle),
      limits,
      uptimeSeconds: Math.round(process.uptime()),
    };
  });
  app.get('/metrics', async (_, reply) => reply.type(CONTENT_TYPE).send(metrics.text()));
  app.addHook('onResponse', (request, reply, done) => {
    metrics.answered(request.routeOptions.url ?? 'none', reply.statusCode, reply.elapsedTime / 1e3);
    done();
  });
}

/** The most reasons of a row that a query asks for. */
function mostReasons(text?: string): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new RequestError(400, 'bad_request', `\`explain\` must be an integer >= 1. Received: ${text}.`);
}

function addRefusals(app: FastifyInstance, {metrics}: Serving, limits: Limits): void {
  app.setNotFoundHandler(async ({method, url}) => {
    throw new RequestError(404, 'no_route', `There is no ${method} ${url}. ${ROUTES}`);
  });
  app.setErrorHandler(refuser(metrics, limits));
}

/** Answers and counts what is refused. */
function refuser(metrics: Metrics, limits: Limits) {
  return (error: FastifyError | RequestError, request: FastifyRequest, reply: FastifyReply) => {
    const {status, reason, message, more} = refusalOf(error, limits);
    if (status === 500) request.log.error(error);
    // The client of a body that breaks off has no answer, or one from the handler of its connection.
    if (!('code' in error && error.code === 'ECONNRESET')) metrics.refused(reason);
    void reply
      .code(status)
      .headers(status === 503 ? {'retry-after': '1'} : {})
      .send({error: reason, message, ...more});
  };
}

function addClosing(app: FastifyInstance, serving: Serving): void {
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
  });
  // A connection that is kept alive would keep the process alive, too.
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (closing) reply.header('connection', 'close');
    done();
  });
  app.addHook('onClose', async () => serving.close());
}

function refusalOf(error: FastifyError | RequestError, limits: Limits): RequestError {
  if (error instanceof RequestError) return error;
  const {code, message, statusCode = 500} = error;
  const known = REFUSALS[code];
  if (known !== undefined) return known(error, limits);
  if (statusCode < 500) return new RequestError(statusCode, 'bad_body', message);
  // The cause is for the log, not for clients.
  return new RequestError(500, 'failed', 'The prediction failed; the log of the server says why.');
}
