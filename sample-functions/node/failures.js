// A function that fails in the way its event names, to see what a caller gets: {"mode": "throw"}.
'use strict';

const modes = {
  async throw() {
    throw new RangeError('no such order');
  },
  async throwString() {
    throw 'no such order';
  },
  reject() {
    Promise.reject(new Error('nobody waits for this promise'));
    return modes.sleep({});
  },
  uncaught() {
    setImmediate(() => {
      throw new Error('nobody catches this');
    });
    return modes.sleep({});
  },
  never: () => new Promise(() => {}),
  async circular() {
    const order = {};
    order.order = order;
    return order;
  },
  exit: ({ status = 0 }) => process.exit(status),
  abort: () => process.abort(),
  sleep: ({ ms = 1000 }) => new Promise((resolve) => setTimeout(resolve, ms, 'awake')),
  oversize: async () => 'x'.repeat(7_000_000), // 6,291,556 bytes are allowed
};

exports.handler = async (event) => {
  const mode = modes[event.mode];
  return mode ? mode(event) : Object.keys(modes);
};
