// One row of each pane.

import { make } from "./dom.js";
import { paintMachine, paintWasm } from "./syntax.js";
import { bytePairs, hex } from "./words.js";

// Blocks that are told apart by their indent: generated code has a hundred within each other.
const DEEPEST = 6;

// What is worth a sign in the margin; the first that applies is shown.
const SIGNS = {
  spill: "spill: a value goes to the frame",
  load: "load: a value comes from the frame",
  trap: "trap",
  checks: "a check that may trap",
  call: "call",
  jump: "jump",
};

export function wasmRow({ line }) {
  const text = make("span", { class: "text" }, paintWasm(line.text));
  text.style.setProperty("--depth", Math.min(line.depth, DEEPEST));
  return make("div", { class: "row", role: "listitem", title: line.text }, offset(line.offset), text);
}

export function oursRow(row) {
  if (row.section)
    return make("div", { class: "row section", role: "listitem" }, make("span", {}, row.section));
  const { line } = row;
  return make(
    "div",
    { class: line.data ? "row data" : "row", role: "listitem", title: hint(line) },
    offset(line.offset),
    sign(line.marks),
    make("span", { class: "bytes" }, byteSpans(line.bytes, line.holes)),
    make("span", { class: "text" }, paintMachine(line.text), comment(line)),
    line.stencil ? stencilButton(line.stencil) : null,
  );
}

export function theirsRow({ line }) {
  const text = make("span", { class: "text" }, paintMachine(line.text), comment(line));
  const bytes = make("span", { class: "bytes" }, byteSpans(line.bytes, []));
  return make(
    "div",
    { class: "row", role: "listitem", title: hint(line) },
    offset(line.offset),
    sign(line.marks),
    bytes,
    text,
  );
}

const offset = (at) => make("span", { class: "offset" }, hex(at));

const comment = (line) => (line.comment ? make("span", { class: "comment" }, ` ; ${line.comment}`) : null);

const hint = (line) =>
  [`${bytePairs(line.bytes).join(" ")}   ${line.text}`, line.stencil, line.comment]
    .filter(Boolean)
    .join("\n");

function sign(marks) {
  const mark = Object.keys(SIGNS).find((name) => marks.includes(name));
  if (!mark) return make("span", { class: "sign" });
  return make("span", { class: `sign ${mark}`, role: "img", "aria-label": mark, title: SIGNS[mark] });
}

/** `i32_div_s` opens its view; further instructions of it say only how far in they are. */
function stencilButton(stencil) {
  const [name, place] = stencil.split("+");
  const label = place ? make("span", { class: "place" }, `+${place}`) : name;
  return make(
    "button",
    { class: "stencil", type: "button", "data-stencil": name, title: `${stencil}: show it` },
    label,
  );
}

/** Bytes in hexadecimal; those that were patched, the holes, stand out. */
export function byteSpans(bytes, holes) {
  const patched = new Map(
    holes.flatMap((hole) => Array.from({ length: hole.size }, (_, at) => [hole.offset + at, hole])),
  );
  return bytePairs(bytes).map((pair, at) => {
    const hole = patched.get(at);
    return make(
      "span",
      { class: hole ? `byte hole k-${hole.kind}` : "byte", title: hole && `hole: ${hole.kind}` },
      pair,
    );
  });
}
