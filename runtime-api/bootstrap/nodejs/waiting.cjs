'use strict';
// For a Node that the daemon has started ahead of need (`index.cjs --wait`): loads what nearly every function loads and goes
// once through what its first invocation will do, as V8 compiles a function when it is first called; then waits on standard
// input to be told which function it is: its directory and its variables, each followed by a NUL.
// The process has done nothing yet that depends on either; nothing here may.

for (const name of ['crypto', 'http', 'https', 'os', 'stream', 'url', 'util', 'zlib']) require(name);
const fs = require('fs');
const net = require('net');
require('./client.cjs');
const { Connection } = require('./connection.cjs');

// A request over loopback, answered by this process itself.
function rehearseConnection() {
  return new Promise((done) => {
    const server = net.createServer((peer) => {
      peer.on('error', () => {});
      peer.once('data', () => peer.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}'));
    });
    server.on('error', done);
    server.listen(0, '127.0.0.1', () => {
      const connection = new Connection(`127.0.0.1:${server.address().port}`, done);
      connection.request('POST', '/', '', '{}', () => {
        connection.discard();
        server.close(done);
      });
    });
  });
}

function become(told) {
  const [directory, ...variables] = told.split('\0').slice(0, -1);
  const names = new Set();
  for (const variable of variables) {
    const equals = variable.indexOf('=');
    names.add(variable.slice(0, equals));
    process.env[variable.slice(0, equals)] = variable.slice(equals + 1);
  }
  for (const name of Object.keys(process.env)) if (!names.has(name)) delete process.env[name];
  process.chdir(directory);
  require('module')._initPaths();  // NODE_PATH was read at the start
}

exports.wait = async (then) => {
  process.argv.splice(2, 1);
  await import('./node-path.mjs');  // any file: Node's loader of ES modules is made for the first
  await rehearseConnection();
  const told = fs.readFileSync(0, 'utf8');
  if (told === '') process.exit(0);  // nobody needed it
  fs.closeSync(0);
  fs.openSync('/dev/null', 'r');  // the lowest free number: 0 again, as in any other environment
  become(told);
  then();
};
