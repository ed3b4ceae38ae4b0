// Runs a WASI program in node: node node_wasi.mjs '{"wasm", "arguments", "folder", "calls"}'. Standard streams are its own.
import { readFile } from "node:fs/promises";
import { WASI } from "node:wasi";

const { wasm, arguments: args, folder, calls } = JSON.parse(process.argv[2]);
const wasi = new WASI({ version: "preview1", args, env: {}, preopens: { "/": folder }, returnOnExit: true });
const module = await WebAssembly.compile(await readFile(wasm));
const imports = {};
for (const { module: from, name } of WebAssembly.Module.imports(module)) {
  imports[from] ??= {};
  imports[from][name] = () => { throw new Error(`${from}.${name} only stands in`); };
}
const instance = await WebAssembly.instantiate(module, { ...imports, wasi_snapshot_preview1: wasi.wasiImport });
if (calls.length === 0) {
  process.exitCode = wasi.start(instance);
} else {
  wasi.initialize(instance);
  for (const name of calls) instance.exports[name]();
}
