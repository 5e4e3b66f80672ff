'use strict';
// Makes console.* write Lambda's log lines: text or JSON (AWS_LAMBDA_LOG_FORMAT), filtered by AWS_LAMBDA_LOG_LEVEL.
// client.cjs installs it before any user code; runtime.cjs sets `current` for each invocation.
// One call is one record. On stdout a record is one line, so its line feeds become carriage returns, as on AWS;
// with _LAMBDA_TELEMETRY_LOG_FD each record is framed instead and keeps them.

const fs = require('fs');
const { format } = require('util');
const { asError, logText } = require('./errors.cjs');

const kLevels = { TRACE: 1, DEBUG: 2, INFO: 3, WARN: 4, ERROR: 5, FATAL: 6 };
const kFrameText = 0xa55a0003;
const kFrameJson = 0xa55a0002;

const current = { requestId: undefined, tenantId: undefined };
let ofCaller = () => current;  // the invocation a record belongs to; concurrent.cjs has several at a time
let json = false;

function textRecord(level, time, values) {
  const message = values.length === 1 && typeof values[0] === 'string' ? values[0] : format(...values);
  return `${time}\t${ofCaller().requestId}\t${level}\t${message}`;
}

function errorFields(error) {
  return {
    errorType: error.constructor?.name ?? 'UnknownError',
    errorMessage: error.message,
    stackTrace: typeof error.stack === 'string' ? error.stack.split('\n') : [],
  };
}

const expandErrors = (_key, value) => (value instanceof Error ? { ...errorFields(value), ...value } : value);

function jsonRecord(level, time, values) {
  const { requestId, tenantId } = ofCaller();
  const record = { timestamp: time, level, requestId };
  if (tenantId) record.tenantId = tenantId;
  if (values.length <= 1) {
    record.message = values[0];
    try {
      return JSON.stringify(record, expandErrors);
    } catch {
      record.message = format(values[0]);  // circular, BigInt: as text
      return JSON.stringify(record);
    }
  }
  record.message = format(...values);
  const error = values.find((value) => value instanceof Error);
  if (error !== undefined) Object.assign(record, errorFields(error));
  return JSON.stringify(record);
}

const makeRecord = (level, time, values) => (json ? jsonRecord : textRecord)(level, time, values);

// Straight to the descriptor: process.stdout costs milliseconds of start-up, and loses lines when the process dies.
function writeAll(descriptor, bytes) {
  let written = 0;
  while (written < bytes.length) {
    try {
      written += fs.writeSync(descriptor, bytes, written);
    } catch (error) {
      // User code that touched process.stdout made the pipe non-blocking, and its reader is behind.
      if (error.code !== 'EAGAIN') return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

function toStdout(level, values) {
  const record = makeRecord(level, new Date().toISOString(), values);
  writeAll(1, Buffer.from((record.includes('\n') ? record.replace(/\n/g, '\r') : record) + '\n'));
}

// Frame: type with the level in its low bits, length, microseconds since the epoch, payload; all big-endian.
function toFrames(descriptor) {
  return (level, values) => {
    const now = new Date();
    const record = Buffer.from(makeRecord(level, now.toISOString(), values) + (json ? '' : '\n'));
    const frame = Buffer.allocUnsafe(16 + record.length);
    frame.writeUInt32BE(((json ? kFrameJson : kFrameText) | (kLevels[level] << 2)) >>> 0, 0);
    frame.writeUInt32BE(record.length, 4);
    frame.writeBigUInt64BE(BigInt(now.getTime()) * 1000n, 8);
    record.copy(frame, 16);
    writeAll(descriptor, frame);
  };
}

function install() {
  const descriptor = process.env._LAMBDA_TELEMETRY_LOG_FD;
  delete process.env._LAMBDA_TELEMETRY_LOG_FD;
  json = (process.env.AWS_LAMBDA_LOG_FORMAT || '').toUpperCase() === 'JSON';
  const write = descriptor === undefined ? toStdout : toFrames(Number(descriptor));
  const least = kLevels[(process.env.AWS_LAMBDA_LOG_LEVEL || '').toUpperCase()] ?? kLevels.TRACE;
  const method = (level) => (kLevels[level] < least ? () => {} : (...values) => write(level, values));
  console.trace = method('TRACE');
  console.debug = method('DEBUG');
  console.info = method('INFO');
  console.log = console.info;
  console.warn = method('WARN');
  console.error = method('ERROR');
  console.fatal = method('FATAL');
}

function logError(title, error) {
  if (json) console.error(asError(error));
  else console.error(title, logText(asError(error)));
}

function follow(find) {
  ofCaller = find;
}

module.exports = { install, logError, current, follow };
