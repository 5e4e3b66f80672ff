'use strict';
// One keep-alive HTTP/1.1 connection to the Runtime API; runtime.cjs, streaming.cjs and client.cjs speak through it.
// A raw socket rather than http.Agent: about half the time per call, as the peer is known and replies are plain.
// The socket keeps the process alive only while a request is under way: "the event loop is empty" must mean that
// the user's code has nothing left to do. Requests run one after the other; replies must carry Content-Length.

const net = require('net');

const kReadBuffer = 64 * 1024;
const kHeadEnd = Buffer.from('\r\n\r\n');

class Connection {
  constructor(address, onLost) {
    const colon = address.lastIndexOf(':');
    this.address = address;
    this.host = colon < 0 ? address : address.slice(0, colon);
    this.port = colon < 0 ? 80 : Number(address.slice(colon + 1));
    this.onLost = onLost;
    this.waiting = [];
    this.current = null;
    this.socket = null;
    this.fresh = true;  // no reply has come over this socket yet
    this.partial = null;
    this.reply = null;
    this.filled = 0;
    this.connect();
    this.socket.unref();
  }

  get busy() {
    return this.current !== null;
  }

  // body: a string, sent whole; onReply gets {status, headers, body}.
  request(method, path, headers, body, onReply) {
    let text = `${method} ${path} HTTP/1.1\r\nHost: ${this.address}\r\n${headers}`;
    if (method === 'POST') text += `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
    else text += '\r\n';
    this.submit({ text, onReply, streaming: false, retried: false });
  }

  // A request whose body follows in chunks through write(); see streaming.cjs.
  openStream(path, headers, onReply) {
    const text = `POST ${path} HTTP/1.1\r\nHost: ${this.address}\r\n${headers}Transfer-Encoding: chunked\r\n\r\n`;
    this.submit({ text, onReply, streaming: true, retried: false });
  }

  write(data, callback) {
    this.socket.write(data, callback);
  }

  // Gives up a connection whose request was answered before its body was complete: what follows would be taken
  // for the rest of that body.
  discard() {
    const socket = this.socket;
    this.socket = null;
    socket?.destroy();
  }

  submit(request) {
    if (this.current !== null) {
      this.waiting.push(request);
      return;
    }
    this.current = request;
    if (this.socket === null) this.connect();
    else this.socket.ref();
    this.socket.write(request.text);
  }

  connect() {
    this.fresh = true;
    this.partial = null;
    this.reply = null;
    const socket = net.connect({
      host: this.host,
      port: this.port,
      noDelay: true,
      // One buffer for all reads: nothing is allocated for the socket per invocation.
      onread: {
        buffer: Buffer.allocUnsafeSlow(kReadBuffer),
        callback: (size, buffer) => {
          this.receive(buffer.subarray(0, size));
          return true;
        },
      },
    });
    socket.on('error', (error) => this.lost(socket, error));
    socket.on('close', () => this.lost(socket, new Error('The Runtime API closed the connection')));
    this.socket = socket;
  }

  lost(socket, error) {
    if (socket !== this.socket) return;
    this.socket = null;
    socket.destroy();
    const request = this.current;
    if (request === null) return;
    // The peer may close an idle keep-alive connection just as we write: then nobody has seen this request.
    if (!this.fresh && this.reply === null && !request.streaming && !request.retried) {
      request.retried = true;
      this.current = null;
      this.submit(request);
      return;
    }
    this.onLost(error);
  }

  receive(chunk) {
    if (this.reply === null) {
      if (this.partial !== null) chunk = Buffer.concat([this.partial, chunk]);
      const end = chunk.indexOf(kHeadEnd);
      if (end < 0) {
        this.partial = Buffer.from(chunk);
        return;
      }
      this.partial = null;
      const reply = parseHead(chunk.utf8Slice(0, end));
      const size = Number(reply.headers['content-length'] || 0);
      const start = end + 4;
      if (chunk.length - start >= size) {
        reply.body = chunk.utf8Slice(start, start + size);
        this.complete(reply);
        return;
      }
      reply.body = Buffer.allocUnsafe(size);
      this.filled = chunk.copy(reply.body, 0, start);
      this.reply = reply;
      return;
    }
    const reply = this.reply;
    this.filled += chunk.copy(reply.body, this.filled);
    if (this.filled < reply.body.length) return;
    reply.body = reply.body.utf8Slice(0, reply.body.length);
    this.reply = null;
    this.complete(reply);
  }

  complete(reply) {
    const request = this.current;
    if (request === null) return;
    this.fresh = false;
    this.current = null;
    if (reply.headers.connection === 'close') this.discard();
    else this.socket.unref();
    request.onReply(reply);
    if (this.current === null && this.waiting.length > 0) this.submit(this.waiting.shift());
  }
}

function parseHead(text) {
  const lines = text.split('\r\n');
  const headers = Object.create(null);
  for (let i = 1; i < lines.length; i++) {
    const line = lines[i];
    const colon = line.indexOf(':');
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { status: Number(lines[0].slice(9, 12)), headers, body: '' };
}

module.exports = { Connection };
