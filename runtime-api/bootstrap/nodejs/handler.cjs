'use strict';
// Finds and loads the user's handler named by _HANDLER ("dir/module.export.path") below the task root; used once, by
// client.cjs, at start. The order of probing and the error types are AWS's, and deployed packages rely on both.

const fs = require('fs');
const { createRequire } = require('module');
const path = require('path');
const { pathToFileURL } = require('url');
const errors = require('./errors.cjs');

const kStreaming = Symbol.for('aws.lambda.runtime.handler.streaming');
const kHighWaterMark = Symbol.for('aws.lambda.runtime.handler.streaming.highWaterMark');

// "a/b/app.v1.handler" → folder "a/b/", module "app", exported path ["v1", "handler"].
function parseHandler(text) {
  if (text.includes('..')) {
    throw new errors.MalformedHandlerName(
      `'${text}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    );
  }
  const base = path.basename(text);
  const parts = base.match(/^([^.]*)\.(.*)$/);
  if (parts === null) throw new errors.MalformedHandlerName('Bad handler');
  return { folder: text.slice(0, text.indexOf(base)), module: parts[1], exported: parts[2].split('.') };
}

// The nearest package.json decides what a .js file is, as in Node itself.
function isModulePackage(folder) {
  for (;;) {
    if (path.basename(folder) === 'node_modules') return false;
    const file = path.join(folder, 'package.json');
    if (fs.existsSync(file)) {
      try {
        return JSON.parse(fs.readFileSync(file, 'utf8')).type === 'module';
      } catch (error) {
        console.warn(`${file} cannot be read, it will be ignored for ES module detection purposes.`, error);
        return false;
      }
    }
    const parent = path.dirname(folder);
    if (parent === folder) return false;
    folder = parent;
  }
}

// NODE_PATH as AWS sets it also names the task root, where Node finds packages anyway.
function nodePathMatters(root) {
  const inside = path.resolve(root) + path.sep;
  const folders = (process.env.NODE_PATH || '').split(path.delimiter).filter((folder) => folder !== '');
  return folders.some((folder) => !(path.resolve(folder) + path.sep).startsWith(inside) && fs.existsSync(folder));
}

// Node 20.19, 22.12 and later can load an ES module at once if nothing in it awaits at its top: five milliseconds less than
// import(). They warn of it, but not those who ask from below a node_modules.
function importAtOnce(file) {
  if (!process.features.require_module) return undefined;
  try {
    return createRequire(path.join(__dirname, 'node_modules', 'index.mjs'))(file);
  } catch (error) {
    if (error?.code === 'ERR_REQUIRE_ASYNC_MODULE') return undefined;  // none of it has run
    throw error;
  }
}

async function importFile(file, root) {
  const hooked = nodePathMatters(root) && !require('./imports.cjs').staysWithin(file);
  if (hooked) (await import('./node-path.mjs')).install();
  return (hooked ? undefined : importAtOnce(file)) ?? import(pathToFileURL(file).href);
}

function candidates(isModule) {
  const list = [
    ['', false],
    ['.js', isModule],
    ['.mjs', true],
    ['.cjs', false],
  ];
  // nodejs24.x runs TypeScript files, as Node 24 strips their types.
  if (Number(process.versions.node.split('.')[0]) >= 24) list.push(['.ts', isModule], ['.mts', true], ['.cts', false]);
  return list;
}

// `require` is that of an index.mjs, so that "Require stack:" ends with the runtime's index.mjs as it does on AWS.
async function loadModule(root, { folder, module }, require) {
  const stem = path.resolve(root, folder, module);
  for (const [extension, asModule] of candidates(isModulePackage(path.dirname(stem)))) {
    const file = stem + extension;
    if (!fs.existsSync(file)) continue;
    const loaded = asModule ? await importFile(file, root) : require(file);
    if (loaded) return loaded;
  }
  return require(require.resolve(module, { paths: [root, folder] }));
}

async function loadHandler(root, text, require) {
  const parsed = parseHandler(text);
  let found;
  try {
    found = await loadModule(root, parsed, require);
  } catch (error) {
    if (error instanceof SyntaxError) {
      const mapped = new errors.UserCodeSyntaxError(String(error));
      mapped.stack = error.stack;  // it names the file and the line
      throw mapped;
    }
    if (error?.code === 'MODULE_NOT_FOUND') throw new errors.ImportModuleError(String(error));
    throw error;
  }
  for (const key of parsed.exported) found = found && found[key];
  if (!found) throw new errors.HandlerNotFound(`${text} is undefined or not exported`);
  if (typeof found !== 'function') throw new errors.HandlerNotFound(`${text} is not a function`);
  return found;
}

function handlerTraits(handler) {
  const mode = handler[kStreaming];
  if (mode && mode !== 'response') {
    throw new errors.MalformedStreamingHandler('Only response streaming is supported.');
  }
  return {
    streaming: mode === 'response',
    highWaterMark: handler[kHighWaterMark],
    isAsync: handler.constructor?.name === 'AsyncFunction',
    takesCallback: handler.length >= 3 && !mode,
  };
}

// The global `awslambda`. AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA is AWS's own switch.
function installGlobal() {
  const off = process.env.AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA;
  if (off === '1' || off === 'true') return;
  globalThis.awslambda = {
    streamifyResponse(handler, options) {
      handler[kStreaming] = 'response';
      if (typeof options?.highWaterMark === 'number') handler[kHighWaterMark] = Math.trunc(options.highWaterMark);
      return handler;
    },
    get HttpResponseStream() {
      return require('./streaming.cjs').HttpResponseStream;
    },
  };
}

module.exports = { loadHandler, handlerTraits, installGlobal };
