import {fastify, FastifyError, FastifyInstance, FastifyServerOptions, LogController} from 'fastify';
import type {Bundle} from 'tfjs-autofis/bundle';
import {Batcher} from './batcher';
import type {Engine} from './engine';
import {Metrics} from './metrics';
import {CONTENT_TYPE} from './prometheus';
import {encodeBody, EXAMPLE, RequestError} from './requests';
import type {Limits} from './settings';

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
  FST_ERR_CTP_INVALID_JSON_BODY: () => new RequestError(400, 'bad_body', `The body is not valid JSON. ${EXAMPLE}`),
};

export interface ServeOptions {
  /** Probabilities for encoded rows; by default those of the bundle's model. */
  predictIds?: Engine['predictIds'];
  /** What `GET /health` says besides. */
  about?: object;
  logger?: FastifyServerOptions['logger'];
}

/**
 * A server that answers with the probabilities of a bundle: `POST /predict`, `GET /health`, `GET /metrics`. It does not
 * listen yet. The bundle stays the caller's.
 */
export function serveBundle(
  bundle: Bundle,
  limits: Limits,
  {predictIds = ids => bundle.predictIds(ids), about = {}, logger = false}: ServeOptions = {},
): FastifyInstance {
  const {encoder, fitted, schemaHash} = bundle;
  const batcher = new Batcher({
    predict: predictIds,
    columns: encoder.columns,
    maxRows: limits.maxBatch,
    onBatch: batch => metrics.computed(batch),
  });
  const metrics = new Metrics(() => batcher.waitingRows);
  const app = fastify({
    bodyLimit: limits.maxBody,
    logger,
    logController: new LogController({disableRequestLogging: true}),
    // Node looks for requests that are late every 30 seconds unless told otherwise.
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
  app.removeContentTypeParser('text/plain');

  app.post('/predict', async ({body}) => {
    const {ids, rows, counts} = encodeBody(body, bundle, limits.maxRows);
    if (batcher.waitingRows + rows > limits.maxWaiting) {
      throw new RequestError(
        503,
        'overloaded',
        `${batcher.waitingRows} rows are waiting, and no more than ${limits.maxWaiting} may. Try again in a second.`,
      );
    }
    metrics.encoded(rows, counts);
    return {probabilities: Array.from(await batcher.add(ids))};
  });
  app.get('/health', async () => ({
    status: 'ok',
    ...about,
    schemaHash,
    columns: fitted.schema.fields.map(({column}) => column),
    limits,
    uptimeSeconds: Math.round(process.uptime()),
  }));
  app.get('/metrics', async (_, reply) => reply.type(CONTENT_TYPE).send(metrics.text()));

  app.setNotFoundHandler(async ({method, url}) => {
    throw new RequestError(
      404,
      'no_route',
      `There is no ${method} ${url}. There are POST /predict, GET /health and GET /metrics.`,
    );
  });
  app.setErrorHandler(async (error: FastifyError | RequestError, request, reply) => {
    const {status, reason, message, more} = refusalOf(error, limits);
    if (status === 500) request.log.error(error);
    metrics.refused(reason);
    return reply
      .code(status)
      .headers(status === 503 ? {'retry-after': '1'} : {})
      .send({error: reason, message, ...more});
  });
  app.addHook('onResponse', async (request, reply) => {
    metrics.answered(request.routeOptions.url ?? 'none', reply.statusCode, reply.elapsedTime / 1e3);
  });

  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
  });
  // A connection that is kept alive would keep the process alive, too.
  app.addHook('onSend', async (_, reply) => {
    if (closing) reply.header('connection', 'close');
  });
  return app;
}

function refusalOf(error: FastifyError | RequestError, limits: Limits): RequestError {
  if (error instanceof RequestError) return error;
  const {code, message, statusCode = 500} = error;
  const known = REFUSALS[code];
  if (known !== undefined) return known(error, limits);
  if (statusCode < 500) return new RequestError(statusCode, 'bad_body', message);
  // What failed here is for the log, not for whoever asks.
  return new RequestError(500, 'failed', 'The prediction failed; the log of the server says why.');
}
