// A worker of node_executor.py: V8 runs modules, and asks for what a host function answers. One line of JSON each way.
"use strict";
const fs = require("fs");

let unread = "";

function read() {
  const buffer = Buffer.alloc(1 << 16);
  while (!unread.includes("\n")) {
    const count = fs.readSync(0, buffer);
    if (!count) process.exit();
    unread += buffer.toString("latin1", 0, count);
  }
  const end = unread.indexOf("\n");
  const line = unread.slice(0, end);
  unread = unread.slice(end + 1);
  return JSON.parse(line);
}

function write(answer) {
  const bytes = Buffer.from(JSON.stringify(answer) + "\n");
  for (let at = 0; at < bytes.length; ) at += fs.writeSync(1, bytes, at);
}

// Values: n… an integer (of 64 bits), f… a float's bits (or an i32 as a float), s… a string, null; "function".
const bits = new DataView(new ArrayBuffer(8));

function decoded(text) {
  if (text === null) return null;
  if (text[0] === "n") return BigInt(text.slice(1));
  if (text[0] === "s") return text.slice(1);
  bits.setBigUint64(0, BigInt(text.slice(1)));
  return bits.getFloat64(0);
}

function encoded(value) {
  if (value === null || value === undefined) return null;
  if (typeof value === "bigint") return `n${value}`;
  if (typeof value === "string") return `s${value}`;
  if (typeof value === "function") return "function";
  bits.setFloat64(0, value);
  return `f${bits.getBigUint64(0)}`;
}

const encodedAll = (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]).map(encoded);

// An exception of JavaScript's can be caught by catch_all, a trap cannot: with one a host function ends a call.
const trap = new WebAssembly.Instance(
  new WebAssembly.Module(
    // (func (export "f") unreachable)
    new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 5, 1, 3, 0, 0, 11]),
  ),
).exports.f;

function host(index) {
  return (...values) => {
    write({ host: index, values: values.map(encoded) });
    const answer = read();
    if (answer.ends) trap();
    const results = answer.values.map(decoded);
    return results.length === 1 ? results[0] : results.length ? results : undefined;
  };
}

const sized = (type) =>
  type.address === "i64"
    ? { address: "i64", initial: BigInt(type.min), maximum: type.max === null ? undefined : BigInt(type.max) }
    : { initial: type.min, maximum: type.max === null ? undefined : type.max };

const named = (type) => (type === "funcref" ? "anyfunc" : type);

// Without the null an externref would be `undefined`, which is not null.
const MAKERS = {
  memory: (type) => new WebAssembly.Memory(sized(type)),
  table: (type) =>
    new WebAssembly.Table({ element: named(type.element), ...sized(type) }, null),
  global: (type) => new WebAssembly.Global({ value: named(type.value), mutable: type.mutable }, decoded(type.init)),
  tag: (type) => new WebAssembly.Tag({ parameters: type.parameters.map(named) }),
};

let module_, imports, tags, instances;

function thrown(error) {
  for (const names of [imports, ...instances])
    for (const [index, types] of tags.entries()) {
      const tag = names[`e${index}`];
      if (!tag || !error.is(tag)) continue;
      if (types.some((type) => type === "v128" || type === "exnref")) return { thrown: null, values: [] };
      return { thrown: index, values: types.map((_, at) => encoded(error.getArg(tag, at))) };
    }
  return { thrown: null, values: [] };
}

function ended(error) {
  if (error instanceof WebAssembly.Exception) return thrown(error);
  if (error instanceof RangeError && /call stack/.test(error.message)) return { trap: "stack" };
  if (error instanceof WebAssembly.RuntimeError) return { trap: error.message };
  return { error: `${error.name}: ${error.message}` };
}

const COMMANDS = {
  validate: ({ wasm }) => ({ valid: WebAssembly.validate(Buffer.from(wasm, "base64")) }),
  open({ wasm, hosts, made, tags: types }) {
    module_ = new WebAssembly.Module(Buffer.from(wasm, "base64"));
    imports = {};
    for (let index = 0; index < hosts; index++) imports[`h${index}`] = host(index);
    for (const [name, kind, type] of made) imports[name] = MAKERS[kind](type);
    tags = types;
    instances = [];
    return {};
  },
  instantiate() {
    instances.push(new WebAssembly.Instance(module_, { host: imports }).exports);
    return {};
  },
  call: ({ instance, name, values }) => ({ values: encodedAll(instances[instance][name](...values.map(decoded))) }),
  set({ instance, name, value }) {
    instances[instance][name].value = decoded(value);
    return {};
  },
  get: ({ instance, name }) => ({ value: encoded(instances[instance][name].value) }),
  memory: ({ instance }) => ({ bytes: Buffer.from(instances[instance].mem.buffer).toString("base64") }),
  table({ instance, name }) {
    const table = instances[instance][name];
    const is64 = typeof table.length === "bigint";
    return { values: Array.from({ length: Number(table.length) }, (_, at) => encoded(table.get(is64 ? BigInt(at) : at))) };
  },
};

for (;;) {
  const request = read();
  try {
    write(COMMANDS[request.command](request));
  } catch (error) {
    write(ended(error));
  }
}
