// What each opcode of a function costs: a table that its headings sort.

import { make } from "./dom.js";
import { openDrawer } from "./drawer.js";
import { count, title } from "./words.js";

const COLUMNS = [
  ["name", "opcode"],
  ["count", "count"],
  ["instructions", "instr."],
  ["bytes", "bytes"],
];

export function showOpcodes(view) {
  const most = Math.max(1, ...view.opcodes.map((o) => o.bytes));
  const body = make(
    "tbody",
    {},
    view.opcodes.map((o) => row(o, most)),
  );
  const heads = COLUMNS.map(([key, text], at) => head(key, text, at, body, view.opcodes, most));
  const table = make(
    "table",
    { class: "opcodes" },
    make("thead", {}, make("tr", {}, heads)),
    body,
    foot(view),
  );
  openDrawer(
    `Opcodes of ${title(view)}`,
    make(
      "p",
      { class: "lead" },
      "What linocut made of each; code that several opcodes became together counts for the last of them.",
    ),
    make("div", { class: "wide", tabindex: 0 }, table),
  );
}

function row(opcode, most) {
  const cells = COLUMNS.map(([key]) =>
    make(
      key === "name" ? "th" : "td",
      key === "name" ? { scope: "row" } : {},
      key === "name" ? opcode.name : count(opcode[key]),
    ),
  );
  cells.at(-1).style.setProperty("--share", opcode.bytes / most);
  return make("tr", {}, cells);
}

function head(key, text, at, body, opcodes, most) {
  const sort = (event) => {
    const cell = event.currentTarget.parentNode;
    const isFalling = cell.ariaSort !== "descending" && key !== "name";
    const order = key === "name" ? (a, b) => a.name.localeCompare(b.name) : (a, b) => b[key] - a[key];
    const sorted = opcodes.toSorted((a, b) => (isFalling || key === "name" ? order(a, b) : order(b, a)));
    for (const other of cell.parentNode.cells) other.ariaSort = null;
    cell.ariaSort = isFalling ? "descending" : "ascending";
    body.replaceChildren(...sorted.map((o) => row(o, most)));
  };
  return make("th", { scope: "col" }, make("button", { type: "button", onclick: sort }, text));
}

function foot(view) {
  const sum = (key) => view.opcodes.reduce((total, opcode) => total + opcode[key], 0);
  const cells = COLUMNS.slice(1).map(([key]) => make("td", {}, count(sum(key))));
  return make("tfoot", {}, make("tr", {}, make("th", { scope: "row" }, "all"), cells));
}
