'use strict';
// Response streaming: the stream handed to an awslambda.streamifyResponse() handler, and HttpResponseStream, which
// puts a function URL's status and headers in front of it. Loaded by runtime.cjs only for streaming handlers.
// The request opens with the first byte; an error after that can only travel in the two trailers, so they are
// announced always.

const { Writable } = require('stream');
const { InvalidStreamingOperation, errorBody } = require('./errors.cjs');

const kHeaders =
  'Lambda-Runtime-Function-Response-Mode: streaming\r\n' +
  'Trailer: Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body\r\n';
const kHttpIntegration = 'application/vnd.awslambda.http-integration-response';
const kPreludeEnd = Buffer.alloc(8);

class ResponseStream extends Writable {
  #connection;
  #path;
  #contentType = 'application/octet-stream';
  #opened = false;
  #complete = false;  // the end of the body is on its way
  #refused = false;  // answered before that: too large, or timed out
  #trailers = '';
  #answer;

  constructor(connection, path, highWaterMark) {
    super(highWaterMark > 0 ? { highWaterMark } : undefined);
    this.#connection = connection;
    this.#path = path;
    this.on('error', () => {});  // the handler sees it; nobody else has to listen
    // Settles when the Runtime API has answered.
    this.answered = new Promise((resolve) => (this.#answer = resolve));
  }

  get opened() {
    return this.#opened;
  }

  setContentType(type) {
    if (this.#opened) throw new InvalidStreamingOperation('Cannot set content-type, too late.');
    this.#contentType = type;
  }

  write(chunk, encoding, callback) {
    if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) chunk = JSON.stringify(chunk);
    return super.write(chunk, encoding, callback);
  }

  _write(chunk, _encoding, callback) {
    this.#open();
    this.#send(chunk, callback);
  }

  _final(callback) {
    this.#open();
    this.#complete = true;
    if (this.#refused) return callback();
    this.#connection.write(`0\r\n${this.#trailers}\r\n`, () => callback());
  }

  #open() {
    if (this.#opened) return;
    this.#opened = true;
    const headers = `${kHeaders}Content-Type: ${this.#contentType}\r\n`;
    this.#connection.openStream(this.#path, headers, () => {
      if (!this.#complete) {
        this.#refused = true;
        this.#connection.discard();
        this.destroy(new Error('Response stream is not finished.'));
      }
      this.#answer();
    });
    if (typeof this._onBeforeFirstWrite === 'function') {
      this._onBeforeFirstWrite((chunk) => this.#send(Buffer.from(chunk)));
    }
  }

  #send(chunk, callback) {
    if (chunk.length === 0 || this.#refused) {
      if (callback) process.nextTick(callback);  // an empty chunk would end the body
      return;
    }
    const head = Buffer.from(`${chunk.length.toString(16)}\r\n`);
    this.#connection.write(Buffer.concat([head, chunk, Buffer.from('\r\n')]), callback);
  }

  // Ends the body with the error in its trailers.
  fail(error) {
    if (this.writableEnded || this.destroyed) return;
    const body = errorBody(error);
    const type = String(body.errorType).replace(/[^\x20-\x7e]/g, '?');
    const encoded = Buffer.from(JSON.stringify(body)).toString('base64');
    this.#trailers =
      `Lambda-Runtime-Function-Error-Type: ${type}\r\nLambda-Runtime-Function-Error-Body: ${encoded}\r\n`;
    this.end();
  }
}

// The metadata is JSON, then eight zero bytes, then the body (application/vnd.awslambda.http-integration-response).
class HttpResponseStream {
  static from(stream, metadata) {
    stream.setContentType(kHttpIntegration);
    const prelude = JSON.stringify(metadata);
    const writePrelude = (write) => {
      write(prelude);
      write(kPreludeEnd);
    };
    stream._onBeforeFirstWrite = writePrelude;  // as runtime.cjs says of literals
    return stream;
  }
}

module.exports = { ResponseStream, HttpResponseStream };
