// The line at the foot: what the marked piece is, and what it costs with either engine.

import { byId, make } from "./dom.js";
import { engineName, plural } from "./words.js";

const HINT = "Point at a piece to see its counterparts, click to pin it. Press ? for the keys.";

export function showStrip(mark, layout, view) {
  const strip = byId("strip");
  if (!mark) return strip.replaceChildren(make("span", { class: "hint" }, HINT));
  const pieces = mark.pieces.map((number) => layout.pieces[number]);
  strip.replaceChildren(
    ...[
      what(pieces),
      costs(
        "linocut",
        pieces.flatMap((p) => p.source.code),
        "ours",
      ),
      theirs(mark, layout, view),
    ].filter(Boolean),
  );
}

function what(pieces) {
  const texts = pieces.flatMap((piece) => piece.source.wasm.map((line) => line.text));
  const said = texts.length ? texts.join(" · ") : (pieces[0]?.section ?? "no counterpart");
  return make("span", { class: "strip-what", title: said }, said);
}

function theirs(mark, layout, view) {
  if (!view.against) return null;
  const engine = engineName(view.against.engine);
  if (mark.block === null) return make("span", { class: "strip-cost" }, `${engine}: nothing of its own`);
  return costs(engine, layout.blocks[mark.block].source.code, "theirs");
}

function costs(engine, lines, kind) {
  const bytes = lines.reduce((sum, line) => sum + line.bytes.length / 2, 0);
  const said = `${plural(bytes, "byte")}, ${plural(lines.filter((line) => !line.data).length, "instruction")}`;
  return make("span", { class: `strip-cost ${kind}` }, make("b", {}, engine), ` ${said}`);
}
