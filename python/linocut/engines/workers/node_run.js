// Runs a WASI command by V8: node FLAGS node_run.js FILE ARGUMENT….
"use strict";
const fs = require("fs");
const { WASI } = require("node:wasi");

const [file, ...args] = process.argv.slice(2);
const wasi = new WASI({ version: "preview1", args: [file, ...args], returnOnExit: false });
const module_ = new WebAssembly.Module(fs.readFileSync(file));
const namespaces = new Set(WebAssembly.Module.imports(module_).map((entry) => entry.module));
// wasi_unstable has the functions that programs of its time used under the same names.
const imports = Object.fromEntries([...namespaces].map((name) => [name, wasi.wasiImport]));
wasi.start(new WebAssembly.Instance(module_, imports));
