'use strict';
// The runtime's own error types and the two shapes an error leaves the process in: the body posted to the Runtime
// API ({errorType, errorMessage, trace}) and the text behind "Invoke Error" in the log.
// Names, messages and key order are AWS's; callers of a function match on them.

class RuntimeError extends Error {}

function runtimeError(type) {
  const made = { [type]: class extends RuntimeError {} }[type];
  made.prototype.name = `Runtime.${type}`;
  return made;
}

const ImportModuleError = runtimeError('ImportModuleError');
const HandlerNotFound = runtimeError('HandlerNotFound');
const MalformedHandlerName = runtimeError('MalformedHandlerName');
const UserCodeSyntaxError = runtimeError('UserCodeSyntaxError');
const MalformedStreamingHandler = runtimeError('MalformedStreamingHandler');
const InvalidStreamingOperation = runtimeError('InvalidStreamingOperation');
const UnhandledPromiseRejection = runtimeError('UnhandledPromiseRejection');
const CallbackHandlerDeprecated = runtimeError('CallbackHandlerDeprecated');
const JSONStringifyError = runtimeError('JSONStringifyError');
const NodeJsExit = runtimeError('NodeJsExit');

function unhandledRejection(reason, promise) {
  const error = new UnhandledPromiseRejection(describe(reason));
  error.reason = reason;
  error.promise = promise;
  return error;
}

function nodeJsExit() {
  return new NodeJsExit(
    'The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise ' +
      'that was never settled. For more information, see ' +
      'https://nodejs.org/docs/latest/api/process.html#exit-codes',
  );
}

function describe(value) {
  try {
    return String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}

// What AWS takes for an error: a native one, or anything that carries the three strings of one.
function looksLikeError(value) {
  if (value instanceof Error) return true;
  if (value === null || typeof value !== 'object') return false;
  return [value.name, value.message, value.stack].every((part) => typeof part === 'string' && part !== '');
}

function errorBody(error) {
  try {
    if (looksLikeError(error)) {
      return { errorType: error.name, errorMessage: error.message, trace: error.stack.split('\n') };
    }
    return { errorType: typeof error, errorMessage: error.toString(), trace: [] };
  } catch {
    return {
      errorType: 'handled',
      errorMessage:
        'callback called with Error argument, but there was a problem while retrieving one or more of its message, ' +
        'name, and stack',
      trace: [],
    };
  }
}

function asError(value) {
  return value instanceof Error ? value : new Error(describe(value));
}

// errorType, errorMessage, code, the error's own fields, then the stack. AWS puts a tab in front of the JSON.
function logText(error) {
  const expand = (_key, value) => {
    if (!(value instanceof Error)) return value;
    const fields = { errorType: value.name, errorMessage: value.message, code: value.code, ...value };
    if (typeof value.stack === 'string') fields.stack = value.stack.split('\n');
    return fields;
  };
  try {
    return '\t' + JSON.stringify(error, expand);
  } catch {
    return '\t' + JSON.stringify(errorBody(error));
  }
}

// A header value holds neither control characters nor bytes beyond Latin-1.
function errorTypeHeader(type) {
  return `Lambda-Runtime-Function-Error-Type: ${describe(type).replace(/[^\x20-\x7e]/g, '?')}\r\n`;
}

module.exports = {
  ImportModuleError,
  HandlerNotFound,
  MalformedHandlerName,
  UserCodeSyntaxError,
  MalformedStreamingHandler,
  InvalidStreamingOperation,
  CallbackHandlerDeprecated,
  JSONStringifyError,
  unhandledRejection,
  nodeJsExit,
  errorBody,
  asError,
  logText,
  errorTypeHeader,
};
