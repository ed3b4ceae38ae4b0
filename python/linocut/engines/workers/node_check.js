// A worker: node's V8, with the line protocol of docs/exploder.md.
"use strict";
const fs = require("fs");
const readline = require("readline");

class WrongValue extends Error {}
class GoodEnd extends Error {}
class ProviderError extends Error {}

class Session {
  constructor() {
    const references = new Map();
    const proc_exit = (code) => {
      throw code ? new WrongValue(`proc_exit(${code})`) : new GoodEnd();
    };
    const externref = (number) => {
      if (!references.has(number)) references.set(number, { number });
      return references.get(number);
    };
    this.offers = { wasi_snapshot_preview1: { proc_exit }, host: { externref } };
  }

  make(file) {
    return new WebAssembly.Instance(new WebAssembly.Module(fs.readFileSync(file)), this.offers);
  }

  prepare(request) {
    for (const link of request.link) {
      try {
        this.offers[link.as] = this.make(link.file).exports;
      } catch (error) {
        throw new ProviderError(`${link.file}: ${error}`);
      }
    }
    this.exports = this.make(request.file).exports;
  }

  call(request) {
    const result = this.exports[request.call]();
    if (request.signal === "result" && result !== 0) throw new WrongValue(`it returned ${result}`);
  }
}

function answer(error) {
  const said = String(error.message).replace(/\s+/g, " ");
  if (error instanceof WrongValue) return `wrong ${said}`;
  if (error instanceof GoodEnd) return "ok";
  if (error instanceof ProviderError) return `unknown ${said}`;
  if (error instanceof RangeError && /call stack/.test(said)) return `exhaustion ${said}`;
  if (error instanceof WebAssembly.RuntimeError) return `trap ${said}`;
  if (error instanceof WebAssembly.CompileError) return `rejected ${said}`;
  if (error instanceof WebAssembly.LinkError) return `unlinkable ${said}`;
  // An import from a module that is not there at all is refused by the JavaScript interface itself.
  if (error instanceof TypeError && /Import #/.test(said)) return `unlinkable ${said}`;
  return `unknown ${error.name}: ${said}`;
}

let session = null;
console.log("ready link host pack");
readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const request = JSON.parse(line);
  try {
    if (session === null || !request.same) {
      session = new Session();
      session.prepare(request);
    }
    if (request.call) session.call(request);
    console.log("ok");
  } catch (error) {
    console.log(answer(error));
  }
});
