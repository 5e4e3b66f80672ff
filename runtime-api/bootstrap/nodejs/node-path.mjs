// Lets `import 'package'` find packages in NODE_PATH (layers, the SDK), as on AWS; Node itself honours NODE_PATH for
// require() only. handler.cjs installs it before it imports an ES module, and only if NODE_PATH could matter.
// It is a fallback: a package that Node finds by itself is never replaced.

import * as module from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const require = module.createRequire(import.meta.url);
const isBare = (specifier) => !/^(\.|\/|#|[a-z][a-z0-9+.-]*:)/i.test(specifier);
const isMissing = (error) => error?.code === 'ERR_MODULE_NOT_FOUND';

// As if asked by a file beside node_modules, so that Node applies the package's "exports" for import. Read when first
// needed: waiting.cjs imports this file before the variables are the function's.
let known;
const askers = () =>
  (known ??= (process.env.NODE_PATH ?? '')
    .split(path.delimiter)
    .filter((folder) => folder !== '' && path.basename(folder) === 'node_modules')
    .map((folder) => pathToFileURL(path.join(path.dirname(folder), 'index.mjs')).href));

// A folder that is not called node_modules (/var/runtime, /var/task) is known to require() only.
function requireResult(specifier, error) {
  try {
    return { url: pathToFileURL(require.resolve(specifier)).href, shortCircuit: true };
  } catch {
    throw error;
  }
}

function resolveNow(specifier, context, next) {
  try {
    return next(specifier, context);
  } catch (error) {
    if (!isMissing(error) || !isBare(specifier)) throw error;
    for (const parentURL of askers()) {
      try {
        return next(specifier, { ...context, parentURL });
      } catch (again) {
        if (!isMissing(again)) throw again;
      }
    }
    return requireResult(specifier, error);
  }
}

// The same for module.register(), whose hooks run on a thread of their own. Node calls it by this name.
export async function resolve(specifier, context, next) {
  try {
    return await next(specifier, context);
  } catch (error) {
    if (!isMissing(error) || !isBare(specifier)) throw error;
    for (const parentURL of askers()) {
      try {
        return await next(specifier, { ...context, parentURL });
      } catch (again) {
        if (!isMissing(again)) throw again;
      }
    }
    return requireResult(specifier, error);
  }
}

// registerHooks (Node 22.15, 23.5) is nearly free; register (18.19, 20.6) starts a thread, about 35 ms, which is why
// handler.cjs asks first whether it could matter. Before those versions NODE_PATH stays require()'s alone.
export function install() {
  if (module.registerHooks) module.registerHooks({ resolve: resolveNow });
  else if (module.register) module.register(import.meta.url);
}
