'use strict';
// Several invocations at a time in one process (AWS_LAMBDA_MAX_CONCURRENCY, Lambda Managed Instances): up to as many
// loops as there may be invocations, each with a connection of its own, on one thread. AWS adds worker threads, one for each
// vCPU; within one of those it is as here. Used by client.cjs.

const { AsyncLocalStorage } = require('async_hooks');
const log = require('./console.cjs');
const { Connection } = require('./connection.cjs');
const { Runtime } = require('./runtime.cjs');

const kRequestId = Symbol.for('_AWS_LAMBDA_REQUEST_ID');
const kTraceId = Symbol.for('_AWS_LAMBDA_X_RAY_TRACE_ID');
const kTenantId = Symbol.for('_AWS_LAMBDA_TENANT_ID');
const kProtected = new Set([kRequestId, kTraceId, kTenantId]);
const contexts = new AsyncLocalStorage();

// What @aws/lambda-invoke-store, and tracers built on it, find at awslambda.InvokeStore.
const invokeStore = {
  run: (context, then) => contexts.run(context, then),
  getContext: () => contexts.getStore(),
  hasContext: () => contexts.getStore() !== undefined,
  get: (key) => contexts.getStore()?.[key],
  set(key, value) {
    if (kProtected.has(key)) throw new Error(`Cannot modify protected Lambda context field: ${String(key)}`);
    const context = contexts.getStore();
    if (context === undefined) throw new Error('No context available');
    context[key] = value;
  },
  getRequestId: () => contexts.getStore()?.[kRequestId] ?? '-',
  getXRayTraceId: () => contexts.getStore()?.[kTraceId],
  getTenantId: () => contexts.getStore()?.[kTenantId],
};

class OneOfSeveral extends Runtime {
  enter() {
    this.first?.();
    this.first = null;
  }

  invoke(id, headers, body) {
    const context = {
      [kRequestId]: id,
      [kTraceId]: headers['lambda-runtime-trace-id'],
      [kTenantId]: headers['lambda-runtime-aws-tenant-id'],
    };
    contexts.run(context, () => super.invoke(id, headers, body));
  }

  // The event loop is never empty while another loop waits.
  whenQuiet(_wait, then) {
    then();
  }
}

function start(count, address, onLost, handler, traits, modern) {
  if (globalThis.awslambda) globalThis.awslambda.InvokeStore = invokeStore;
  log.follow(() => {
    const context = contexts.getStore();
    return context ? { requestId: context[kRequestId], tenantId: context[kTenantId] } : log.current;
  });
  const all = [];
  const add = () => {
    if (all.length === count) return;
    const runtime = new OneOfSeveral(new Connection(address, onLost), handler, traits, modern);
    runtime.first = add;  // has its first invocation: another shall wait for the next
    all.push(runtime);
    runtime.requestNext();
  };
  add();
  return all;
}

module.exports = { start };
