'use strict';
// The Node.js runtime client: wires console, connection, handler and loop together, and turns faults into reports before
// the process ends: exit status 129 after an uncaught exception or a failed load, 128 after an unhandled rejection, as on
// AWS. Loading it reads no variable, as a process that waits (waiting.cjs) has none yet. Used by index.cjs.

const { createRequire } = require('module');
const path = require('path');
const errors = require('./errors.cjs');
const { Connection } = require('./connection.cjs');
const { loadHandler, handlerTraits, installGlobal } = require('./handler.cjs');
const log = require('./console.cjs');
const { Runtime } = require('./runtime.cjs');

const kCallbackRemoved =
  'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to ' +
  'modify this function to use a supported handler signature to use Node.js 24 or later. For more information see ' +
  'https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.';
const kCallbackWarning =
  'AWS Lambda plans to remove support for callback-based function handlers starting with Node.js 24. You will need ' +
  'to update this function to use an async handler to use Node.js 24 or later. For more information and to provide ' +
  'feedback on this change, see https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/issues/137. To ' +
  'disable this warning, set the AWS_LAMBDA_NODEJS_DISABLE_CALLBACK_WARNING environment variable.';

let address = '';
let runtime = null;
let several = [];  // instead of it, where invocations run at a time

function connectionLost(error) {
  process.stderr.write(`The Runtime API at ${address} is gone: ${error.message}\n`);
  process.exit(1);
}

// Reports a fault that ends the process. The connection may be taken by the request for the next invocation, so the
// report travels on one of its own; a half-sent stream can only say it in its trailers.
function dieReporting(error, exitCode) {
  if (runtime?.stream?.opened && !runtime.stream.writableEnded) {
    runtime.stream.answered.then(() => process.exit(exitCode));
    runtime.stream.fail(error);
    return;
  }
  if (several.length > 0) process.exit(exitCode);  // nobody can tell whose fault it is
  const body = errors.errorBody(error);
  const id = runtime?.requestId;
  const path = id === undefined ? '/2018-06-01/runtime/init/error' : `/2018-06-01/runtime/invocation/${id}/error`;
  const headers = 'Content-Type: application/json\r\n' + errors.errorTypeHeader(body.errorType);
  const exit = () => process.exit(exitCode);
  new Connection(address, exit).request('POST', path, headers, JSON.stringify(body), exit);
}

function uncaught(error) {
  log.logError('Uncaught Exception', error);
  dieReporting(error, 129);
}

function rejected(reason, promise) {
  const error = errors.unhandledRejection(reason, promise);
  log.logError('Unhandled Promise Rejection', error);
  dieReporting(error, 128);
}

function emptyLoop() {
  // Loading never ended: Node's own exit status for a top-level await that cannot settle.
  if (runtime === null && several.length === 0) process.exit(13);
  for (const one of runtime ? [runtime] : several) {
    const then = one.onEmptyLoop;
    one.onEmptyLoop = null;
    then?.();
  }
}

async function main() {
  const { AWS_LAMBDA_RUNTIME_API, _HANDLER: handlerName, LAMBDA_TASK_ROOT: taskRoot } = process.env;
  const major = Number(/nodejs(\d+)/.exec(process.env.AWS_EXECUTION_ENV ?? '')?.[1] ?? 0);
  const modern = major >= 24;
  address = AWS_LAMBDA_RUNTIME_API;
  log.install();
  const connection = new Connection(address, connectionLost);  // connects while the handler loads
  process.on('uncaughtException', uncaught);
  process.on('unhandledRejection', rejected);
  process.on('beforeExit', emptyLoop);
  installGlobal();
  // AWS's runtime client is a module index.mjs: "Require stack:" ends with it, and nothing is require.main.
  process.mainModule = undefined;
  const handler = await loadHandler(taskRoot, handlerName, createRequire(path.join(__dirname, 'index.mjs')));
  const traits = handlerTraits(handler);
  if (traits.takesCallback && modern) throw new errors.CallbackHandlerDeprecated(kCallbackRemoved);
  const warns = major >= 20 && process.env.AWS_LAMBDA_NODEJS_DISABLE_CALLBACK_WARNING === undefined;
  if (traits.takesCallback && warns && !traits.isAsync) console.warn(kCallbackWarning);
  const slots = Number(process.env.AWS_LAMBDA_MAX_CONCURRENCY ?? 0);
  if (slots > 0) {
    connection.discard();
    several = require('./concurrent.cjs').start(slots, address, connectionLost, handler, traits, modern);
    return;
  }
  runtime = new Runtime(connection, handler, traits, modern);
  runtime.requestNext();
}

exports.run = () => main().catch(uncaught);
