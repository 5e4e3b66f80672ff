'use strict';
// The loop of a Node function: ask for an invocation, call the handler, report, ask again. Made by client.cjs.
// When an invocation is over differs by handler: an async one is done when it settles; one with a callback when the
// event loop is empty as well, unless context.callbackWaitsForEmptyEventLoop is false. AWS's rules, kept exactly.
// `onEmptyLoop` is what an empty event loop means at this moment; client.cjs calls it on 'beforeExit'.
// No function literal is assigned to a member once per invocation: V8 puts those into its old generation at once, taking
// them for methods, where they keep all of their invocation until the next full collection, megabytes later.

const log = require('./console.cjs');
const errors = require('./errors.cjs');

const kBase = '/2018-06-01/runtime/invocation/';
const kJson = 'Content-Type: application/json\r\n';

const isThenable = (value) => value !== null && value !== undefined && typeof value.then === 'function';

const describedByEnvironment = () => ({
  functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
  functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
  memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
  logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
});

class Runtime {
  constructor(connection, handler, traits, modern) {
    this.connection = connection;
    this.handler = handler;
    this.traits = traits;
    this.modern = modern;  // nodejs24.x and later: no callbacks, the value returned is the result
    this.environment = describedByEnvironment();
    this.onEmptyLoop = null;
    this.requestId = undefined;  // of the invocation last received
    this.stream = null;
    this.received = (reply) => this.receive(reply);
    this.next = () => this.requestNext();
  }

  requestNext() {
    this.onEmptyLoop = null;
    this.connection.request('GET', kBase + 'next', '', null, this.received);
  }

  receive({ status, headers, body }) {
    if (status !== 200) {
      process.stderr.write(`The Runtime API refused the next invocation: ${status} ${body}\n`);
      process.exit(1);
    }
    const id = headers['lambda-runtime-aws-request-id'];
    this.requestId = id;
    this.enter(id, headers);
    this.invoke(id, headers, body);
  }

  // What the user's code may ask about the invocation besides its context.
  enter(id, headers) {
    log.current.requestId = id;
    log.current.tenantId = headers['lambda-runtime-aws-tenant-id'];
    const trace = headers['lambda-runtime-trace-id'];
    if (trace) process.env._X_AMZN_TRACE_ID = trace;
    else delete process.env._X_AMZN_TRACE_ID;
  }

  invoke(id, headers, body) {
    if (this.traits.streaming) this.invokeStreaming(id, headers, body);
    else this.invokeBuffered(id, headers, body);
  }

  invokeBuffered(id, headers, body) {
    const completion = new Completion(this, id);
    const abandon = () => completion.abandon();
    this.onEmptyLoop = abandon;
    try {
      const context = (completion.context = makeContext(this.environment, id, headers));
      if (!this.modern) {
        context.succeed = completion.succeed;
        context.fail = completion.fail;
        context.done = completion.done;
      }
      const result = this.handler(JSON.parse(body), context, this.modern ? undefined : completion.callback);
      if (isThenable(result)) result.then(completion.succeed, completion.fail).catch?.(completion.fail);
      else if (this.modern) completion.succeed(result);
    } catch (error) {
      if (this.modern) completion.fail(error);
      else completion.callback(error);
    }
  }

  invokeStreaming(id, headers, body) {
    const { ResponseStream } = require('./streaming.cjs');
    const stream = new ResponseStream(this.connection, `${kBase}${id}/response`, this.traits.highWaterMark);
    this.stream = stream;
    let context = null;
    const finish = () => {
      this.stream = null;
      this.whenQuiet(context?.callbackWaitsForEmptyEventLoop !== false, this.next);
    };
    const fail = (error) => {
      log.logError('Invoke Error', error);
      stream.fail(error);
      stream.answered.then(finish);
    };
    const abandon = () => fail('Response stream is not finished.');
    this.onEmptyLoop = abandon;
    try {
      context = makeContext(this.environment, id, headers);
      const result = this.handler(JSON.parse(body), stream, context);
      if (!isThenable(result)) {
        fail('Streaming does not support non-async handlers.');
        return;
      }
      result.then((value) => {
        if (value !== undefined) console.warn('Streaming handlers ignore return values.');
        // Not ended, with bytes sent: the open request keeps the process waiting until the function's time-out.
        stream.answered.then(() => (stream.writableFinished ? finish() : fail('Response stream is not finished.')));
      }, fail);
    } catch (error) {
      fail(error);
    }
  }

  whenQuiet(wait, then) {
    if (wait) this.onEmptyLoop = then;
    else then();
  }

  // Throws if the result cannot be JSON: the caller decides what that means.
  postResult(id, result) {
    let body;
    try {
      body = JSON.stringify(result === undefined ? null : result) ?? 'null';
    } catch {
      const text = 'Unable to stringify response body';
      throw this.modern ? new errors.JSONStringifyError(text) : new Error(text);
    }
    this.onEmptyLoop = null;
    this.connection.request('POST', `${kBase}${id}/response`, kJson, body, this.next);
  }

  postError(id, error) {
    this.onEmptyLoop = null;
    log.logError('Invoke Error', error);
    const body = errors.errorBody(error);
    const headers = kJson + errors.errorTypeHeader(body.errorType);
    this.connection.request('POST', `${kBase}${id}/error`, headers, JSON.stringify(body), this.next);
  }
}

// The ways one buffered invocation can end; the first one wins. The members are arrow functions because users
// detach them: `const { succeed } = context`.
class Completion {
  constructor(runtime, id) {
    this.runtime = runtime;
    this.id = id;
    this.context = null;
    this.finished = false;  // a user's call has been accepted
    this.reported = false;  // the Runtime API has been told
  }

  callback = (error, result) => {
    if (this.finished) return;
    if (error !== undefined && error !== null) this.runtime.postError(this.id, error);
    else this.runtime.whenQuiet(this.context?.callbackWaitsForEmptyEventLoop !== false, () => this.report(result));
    this.finished = true;
  };

  done = (error, result) => {
    if (this.finished) return;
    if (error !== undefined && error !== null) this.runtime.postError(this.id, error);
    else this.report(result);
    this.finished = true;
  };

  succeed = (result) => this.done(null, result);

  fail = (error) => this.done(error === undefined || error === null ? 'handled' : error);

  report(result) {
    if (this.reported) {
      console.error(
        'Invocation has already been reported as done. Cannot call complete more than once per invocation.',
      );
      return;
    }
    this.runtime.postResult(this.id, result);
    this.reported = true;
  }

  // Nothing is left to run and nobody has completed the invocation: for an async handler its promise can never
  // settle, which is an error; a plain one is taken to have no result.
  abandon() {
    this.reported = true;
    const { runtime, id } = this;
    if (runtime.traits.isAsync || runtime.modern) runtime.postError(id, errors.nodeJsExit());
    else runtime.postResult(id, null);
  }
}

function makeContext(environment, id, headers) {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  const parsed = (name) => (headers[name] ? JSON.parse(headers[name]) : undefined);
  return {
    callbackWaitsForEmptyEventLoop: true,
    ...environment,
    clientContext: parsed('lambda-runtime-client-context'),
    identity: parsed('lambda-runtime-cognito-identity'),
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: id,
    tenantId: headers['lambda-runtime-aws-tenant-id'],
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

module.exports = { Runtime };
