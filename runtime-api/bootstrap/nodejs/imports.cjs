// Whether an ES module, with the files it imports, stays within itself and Node: then NODE_PATH cannot matter to
// it. handler.cjs asks before it pays for a resolve hook. Reads text, not syntax: when in doubt, the answer is no.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { isBuiltin } = require('node:module');

const kMostFiles = 100;
// import x from 'y'; export … from 'y'; import 'y'.
const kStatic = /(?<![.\w$])(?:from|import)\s*(['"])([^'"\n]+)\1/g;
// import('y'), and import(computed), which has no quote. Array.from(…) is neither.
const kDynamic = /(?<![.\w$])import\s*\(\s*(?:(['"])([^'"\n]+)\1)?/g;

function importsOf(text) {
  const found = { files: [], foreign: false };
  for (const [, , specifier] of [...text.matchAll(kStatic), ...text.matchAll(kDynamic)]) {
    if (specifier === undefined) found.foreign = true;
    else if (/^\.{0,2}\//.test(specifier)) found.files.push(specifier);
    else if (!isBuiltin(specifier)) found.foreign = true;
  }
  return found;
}

exports.staysWithin = function staysWithin(entry) {
  const seen = new Set([entry]);
  for (const file of seen) {
    let text;
    try {
      text = fs.readFileSync(file, 'utf8');
    } catch {
      return false;
    }
    const { files, foreign } = importsOf(text);
    // A CommonJS file among them may require() what it likes: that honours NODE_PATH by itself.
    if (foreign) return false;
    for (const specifier of files) seen.add(path.resolve(path.dirname(file), specifier));
    if (seen.size > kMostFiles) return false;
  }
  return true;
};
