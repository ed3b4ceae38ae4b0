// A stencil or form: its row of the table, the C or the template that it came from, its bytes with their holes.

import { make } from "./dom.js";
import { openDrawer } from "./drawer.js";
import { byteSpans } from "./lines.js";
import { paintC, paintMachine } from "./syntax.js";
import { bytePairs, hex, plural } from "./words.js";

const KINDS = {
  stencil:
    "A stencil: the compiler made it from the C below when linocut was built; it is copied whole, then its holes are patched.",
  form: "A form: one instruction, assembled when linocut was built for every choice of registers; it is copied, then its holes are patched.",
};

export async function showStencil(source, name) {
  const stencil = await source.stencil(name);
  if (stencil) openDrawer(name, ...sections(stencil));
}

function sections(stencil) {
  return [
    make("p", { class: "lead" }, KINDS[stencil.kind]),
    ...(stencil.opcode ? section("Row of the table", row(stencil)) : []),
    ...(stencil.c ? section("C it came from", listing(paintC(stencil.c))) : []),
    ...(stencil.template ? section("Assembly template", listing([stencil.template])) : []),
    ...section("Machine code", code(stencil), legend(stencil.holes)),
  ];
}

const section = (heading, ...content) => [make("h3", {}, heading), ...content];

const listing = (content) => make("pre", { tabindex: 0 }, make("code", {}, content));

function row({ opcode, row, body }) {
  const facts = [
    ["opcode", opcode],
    ["operands", row],
    ["body", body],
  ].filter(([, value]) => value);
  return make(
    "dl",
    { class: "facts" },
    facts.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, paintC(value))]),
  );
}

function code({ code, holes }) {
  let at = 0;
  const rows = code.map((line) => {
    const start = at;
    at += bytePairs(line.bytes).length;
    const own = holes.filter((hole) => hole.offset >= start && hole.offset < at);
    const here = own.map((hole) => ({ ...hole, offset: hole.offset - start }));
    const cells = [hex(start, 2), byteSpans(line.bytes, here), paintMachine(line.text)];
    return make(
      "tr",
      {},
      cells.map((cell, column) => make("td", { class: ["offset", "bytes", "text"][column] }, cell)),
    );
  });
  return make(
    "div",
    { class: "wide", tabindex: 0 },
    make("table", { class: "code" }, make("tbody", {}, rows)),
  );
}

function legend(holes) {
  if (!holes.length) return make("p", { class: "note" }, "No holes: it is copied as it is.");
  const said = holes.map((hole) =>
    make(
      "li",
      {},
      make("span", { class: `byte hole k-${hole.kind}` }, hex(hole.offset, 2)),
      ` ${hole.kind}, ${plural(hole.size, "byte")}`,
    ),
  );
  return make("ul", { class: "legend" }, said);
}
