// What stands above the panes: the function's name and type, and what it costs with either engine.

import { byId, make } from "./dom.js";
import { count, engineName, hex, plural, title } from "./words.js";

/** `absent` is why there is no other engine, or null. */
export function showHeadline(view, absent) {
  byId("title").textContent = title(view);
  byId("type").textContent = typeText(view.type);
  byId("facts").replaceChildren(
    ...facts(view).map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value))),
  );
  const said = absent ? [make("p", { class: "absent", title: absent }, absent)] : [];
  byId("sizes").replaceChildren(...bars(view), ...said);
  nameThePanes(view);
}

function typeText({ params, results }) {
  const text = (types) => (types.length ? types.join(" ") : "()");
  return `${text(params)} → ${text(results)}`;
}

function facts(view) {
  const lines = codeLines(view);
  const marked = (mark) => lines.filter((line) => line.marks.includes(mark)).length;
  return [
    ["wasm", `${count(view.wasm_bytes)} B at 0x${hex(view.wasm_offset)}`],
    ["frame", `${count(view.frame_bytes)} B`],
    ["saves", view.saved.join(" ") || "nothing"],
    ["spills", count(marked("spill"))],
    ["loads", count(marked("load"))],
    ...(view.exports.length ? [["exported", view.exports.map((name) => `"${name}"`).join(" ")]] : []),
  ];
}

const codeLines = (view) => view.sections.flatMap((section) => section.pieces.flatMap((piece) => piece.code));

function bars(view) {
  const ours = codeLines(view).filter((line) => !line.data).length;
  const rows = [["linocut", view.code_bytes, ours, "ours"]];
  if (view.against)
    rows.push([
      engineName(view.against.engine),
      view.against.code_bytes,
      view.against.instructions,
      "theirs",
    ]);
  const most = Math.max(...rows.map(([, bytes]) => bytes), 1);
  return rows.map(([name, bytes, instructions, kind]) => {
    const bar = make("span", { class: `size-bar ${kind}` });
    bar.style.setProperty("--share", bytes / most);
    const said = make(
      "span",
      { class: "size-said" },
      make("b", {}, `${count(bytes)} B`),
      ` ${plural(instructions, "instruction")}`,
    );
    return make("div", { class: "size" }, make("span", { class: "size-name" }, name), bar, said);
  });
}

function nameThePanes(view) {
  byId("name-ours").textContent = "linocut";
  byId("note-ours").textContent = "machine code · stencil";
  const { against } = view;
  byId("name-theirs").textContent = against ? engineName(against.engine) : "";
  byId("note-theirs").textContent = against ? `${against.version} · by ${against.aligned}` : "";
  byId("note-theirs").title = against?.why ?? "";
  byId("tab-theirs").textContent = against ? engineName(against.engine) : "";
  byId("tab-theirs").hidden = !against;
}
