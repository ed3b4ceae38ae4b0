// Runs a WASI program in node: node node_wasi.mjs '{"wasm", "arguments", "folder", "calls"}'. The keys mean the same as in
// `Program` of programs.py; the program has this process's standard streams.
import { readFile } from "node:fs/promises";
import { WASI } from "node:wasi";

const { wasm, arguments: args, folder, calls } = JSON.parse(process.argv[2]);
const wasi = new WASI({ version: "preview1", args, env: {}, preopens: { "/": folder }, returnOnExit: true });
const module = await WebAssembly.compile(await readFile(wasm));
const imports = {};
for (const { module: from, name } of WebAssembly.Module.imports(module)) {
  imports[from] ??= {};
  imports[from][name] = from === "canonical_abi"
    ? (handle) => handle
    : () => { throw new Error(`${from}.${name} only stands in`); };
}
const instance = await WebAssembly.instantiate(module, { ...imports, wasi_snapshot_preview1: wasi.wasiImport });

// A string or a list of strings for a component: address and length, in memory that the program gives.
function lower(value) {
  if (typeof value === "string") return place(Buffer.from(value), 1);
  return [place(Buffer.from(new Uint32Array(value.flatMap(lower)).buffer), 4)[0], value.length];
}

function place(bytes, alignment) {
  const at = instance.exports.cabi_realloc(0, 0, alignment, bytes.length);
  Buffer.from(instance.exports.memory.buffer).set(bytes, at);
  return [at, bytes.length];
}

if (calls.length === 0) {
  process.exitCode = wasi.start(instance);
} else {
  wasi.initialize(instance);
  for (const [name, ...values] of calls) instance.exports[name](...values.flatMap(lower));
}
