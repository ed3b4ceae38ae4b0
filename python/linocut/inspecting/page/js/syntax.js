// Text in colours: WebAssembly, machine instructions and C, a few kinds of words each.

import { make } from "./dom.js";

const WASM = [
  ["name", /\$[^\s()]+/y],
  ["text", /"(?:[^"\\]|\\.)*"/y],
  ["type", /\b(?:[if](?:32|64)|v128|funcref|externref)(?![\w.])/y],
  ["word", /[a-z][\w.]*/y],
  ["number", /[-+]?(?:0x[\da-f][\d.a-fp+-]*|\d[\d.e+-]*|inf\b|nan\b)/y],
];
const REGISTER =
  /\b(?:[re]?(?:[abcd]x|[sd]i|[sb]p)|[abcd][lh]|[sd]il|[sb]pl|r(?:8|9|1[0-5])[dwb]?|[xyz]mm\d+|[xw]\d+)\b/y;
const MACHINE = [
  ["size", /\b(?:xmmword|qword|dword|word|byte)(?= ptr\b)/y],
  ["ptr", / ptr\b/y], // copied with the rest, but not shown: rows are narrow
  ["register", REGISTER],
  ["number", /-?(?:0x[\da-f]+|\b\d+)\b/y],
  ["plain", /[\w.]+/y],
];
const C = [
  ["comment", /\/\*[\s\S]*?\*\/|\/\/[^\n]*/y],
  ["text", /"(?:[^"\\]|\\.)*"/y],
  [
    "type",
    /\b(?:u?int(?:8|16|32|64)?_t|[us](?:8|16|32|64)|float|double|void|int|unsigned|char|const|static|struct|_Bool|bool|long)\b/y,
  ],
  ["word", /\b(?:if|else|return|for|while|do|switch|case|extern|typedef|__attribute__)\b/y],
  ["hole", /\b[A-Z][A-Z\d_]{2,}\b/y],
  ["number", /\b(?:0x[\da-f]+|\d+)[uUlL]*\b/iy],
  ["plain", /\w+/y],
];

function paint(text, kinds) {
  const parts = [];
  let plain = "";
  for (let at = 0; at < text.length;) {
    const [kind, word] = wordAt(text, at, kinds);
    at += word.length;
    if (kind === "plain") plain += word;
    else (parts.push(plain, make("span", { class: `s-${kind}` }, word)), (plain = ""));
  }
  return [...parts, plain].filter((part) => part !== "");
}

function wordAt(text, at, kinds) {
  for (const [kind, pattern] of kinds) {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) return [kind, found[0]];
  }
  return ["plain", text[at]];
}

/** `i32.add`: the opcode in two tones, its immediates by kind. */
export function paintWasm(text) {
  const [, prefix, name, rest] = /^((?:[a-z]\w*\.)?)([a-z][\w.]*)?([\s\S]*)$/.exec(text);
  const head = [
    prefix && make("span", { class: "s-prefix" }, prefix),
    name && make("span", { class: "s-opcode" }, name),
  ];
  return [...head.filter(Boolean), ...paint(rest, WASM)];
}

/** `add eax, ecx`: the mnemonic, registers, numbers. */
export function paintMachine(text) {
  const space = text.indexOf(" ");
  const mnemonic = space < 0 ? text : text.slice(0, space);
  return [make("span", { class: "s-mnemonic" }, mnemonic), ...paint(text.slice(mnemonic.length), MACHINE)];
}

export const paintC = (text) => paint(text, C);

export const paintWat = (text) => paint(text, [["comment", /;;[^\n]*|\(;[\s\S]*?;\)/y], ...WASM]);
