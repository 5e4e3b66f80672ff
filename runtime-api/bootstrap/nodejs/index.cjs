'use strict';
// The program the daemon starts for a nodejs function (`node <runtime dir>/index.cjs [--wait]`). Every file here is small and
// loaded with require(): start-up time is a user's cold start, and an ES module here would load Node's whole loader of
// ES modules for functions that have none.
//
// First it takes back the V8 flags that Node was started with, once they have done their work: the heap has its limits and
// gc() exists. V8 loads the compiled form of Node's own modules only under the flags it was compiled with, which are none;
// without this, `net`, `http`, `crypto` and all else a function imports would be compiled anew, ten milliseconds for the
// smallest of functions. A worker thread's heap then has Node's usual limits.
// The number of V8's own threads is no flag of AWS's, so the function finds it neither in process.execArgv nor in a process
// that it forks.

const kNone = {
  '--expose-gc': '--no-expose-gc',
  '--max-old-space-size': '--max-old-space-size=0',
  '--max-semi-space-size': '--max-semi-space-size=0',
};

// require('v8') would load a dozen modules before the flags are gone; the binding below it is at hand, and only its use
// is deprecated. A Node that has it no more has the module.
function setter() {
  const silent = process.noDeprecation;
  process.noDeprecation = true;
  try {
    return process.binding('v8').setFlagsFromString;
  } catch {
    return require('v8').setFlagsFromString;
  } finally {
    process.noDeprecation = silent;
  }
}

function forgetLimits() {
  const given = process.execArgv.map((flag) => kNone[flag.split('=')[0]]).filter((flag) => flag !== undefined);
  if (given.length === 0) return;
  const set = setter();
  for (const flag of given) set(flag);
}

function hideThreads() {
  const at = process.execArgv.findIndex((flag) => flag.startsWith('--v8-pool-size='));
  if (at >= 0) process.execArgv.splice(at, 1);
}

forgetLimits();
hideThreads();
if (process.argv[2] === '--wait') require('./waiting.cjs').wait(() => require('./client.cjs').run());
else require('./client.cjs').run();
