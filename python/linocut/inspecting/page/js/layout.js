// Where each piece is in each pane, counted in rows, and what belongs together. Nothing here knows of the DOM.

export const HUES = 6;

/**
 * The rows of the three panes, our pieces and the other engine's blocks with their spans of rows.
 * A block and the pieces that it pairs with share a hue, so that the eye can follow them.
 */
export function layOut(view) {
  const layout = { wasm: [], ours: [], theirs: [], pieces: [], blocks: [] };
  for (const section of view.sections) {
    layout.ours.push({ section: section.name });
    for (const piece of section.pieces) addPiece(layout, piece, section.name);
  }
  for (const block of view.against?.pieces ?? []) addBlock(layout, block);
  giveHues(layout);
  layout.bridges = { left: leftBridges(layout), right: rightBridges(layout) };
  layout.anchors = { left: leftAnchors(layout), right: rightAnchors(layout) };
  return layout;
}

function addPiece(layout, piece, section) {
  const { number } = piece;
  const wasm = append(layout.wasm, piece.wasm, { piece: number });
  const ours = append(layout.ours, piece.code, { piece: number });
  layout.pieces.push({ number, section, wasm, ours, block: null, hue: null, source: piece });
}

function addBlock(layout, block) {
  const number = layout.blocks.length;
  const theirs = append(layout.theirs, block.code, { block: number });
  const pieces = block.ours;
  for (const piece of pieces) layout.pieces[piece].block = number;
  layout.blocks.push({ number, theirs, pieces, hue: null, source: block });
}

function append(rows, lines, owner) {
  const start = rows.length;
  lines.forEach((line, at) => rows.push({ line, isFirst: at === 0, ...owner }));
  return [start, rows.length];
}

const isEmpty = ([start, end]) => start === end;

/** WebAssembly that left its work to a later piece has that one's hue. */
function giveHues(layout) {
  let next = 0,
    waiting = [];
  for (const piece of layout.pieces) {
    const block = piece.block === null ? null : layout.blocks[piece.block];
    if (block === null && isEmpty(piece.ours)) waiting.push(piece);
    if (block === null && (isEmpty(piece.wasm) || isEmpty(piece.ours))) continue;
    const hue = block?.hue ?? next++ % HUES;
    for (const one of [...waiting, piece]) one.hue = hue;
    if (block) block.hue = hue;
    waiting = [];
  }
}

function leftBridges({ pieces }) {
  const paired = pieces.filter((piece) => !isEmpty(piece.wasm) && !isEmpty(piece.ours));
  return paired.map((p) => ({ from: p.wasm, to: p.ours, hue: p.hue, pieces: [p.number], block: p.block }));
}

/** Pieces that follow each other and go into one block share a bridge. */
function rightBridges({ pieces, blocks }) {
  const bridges = [];
  for (const piece of pieces) {
    if (piece.block === null || isEmpty(piece.ours)) continue;
    const last = bridges.at(-1);
    if (last?.block === piece.block && last.from[1] === piece.ours[0]) {
      last.from = [last.from[0], piece.ours[1]];
      last.pieces.push(piece.number);
    } else {
      const { theirs, hue } = blocks[piece.block];
      bridges.push({ from: piece.ours, to: theirs, hue, pieces: [piece.number], block: piece.block });
    }
  }
  return bridges;
}

function leftAnchors({ wasm, ours, pieces }) {
  const inner = pieces.flatMap((p) => [
    [p.wasm[0], p.ours[0]],
    [p.wasm[1], p.ours[1]],
  ]);
  return [[0, 0], ...inner, [wasm.length, ours.length]];
}

/** The other engine may have its code in another order: only what rises in both panes can hold them together. */
function rightAnchors({ ours, theirs, bridges }) {
  const inner = rising(bridges.right).flatMap((b) => [
    [b.from[0], b.to[0]],
    [b.from[1], b.to[1]],
  ]);
  return [[0, 0], ...inner, [ours.length, theirs.length]];
}

/** The longest choice of bridges that do not cross. */
function rising(bridges) {
  const ends = [],
    before = new Map();
  for (const bridge of bridges) {
    let low = 0,
      high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ends[middle].to[1] <= bridge.to[0]) low = middle + 1;
      else high = middle;
    }
    before.set(bridge, ends[low - 1] ?? null);
    ends[low] = bridge;
  }
  const chosen = [];
  for (let bridge = ends.at(-1) ?? null; bridge; bridge = before.get(bridge)) chosen.push(bridge);
  return chosen.reverse();
}

/** Where a row of one pane (side 0: the left one) lies in its neighbour; rows may be fractions. */
export function across(anchors, side, row) {
  let low = 0,
    high = anchors.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (anchors[middle][side] <= row) low = middle;
    else high = middle - 1;
  }
  const here = anchors[low],
    next = anchors[low + 1];
  if (!next || next[side] === here[side]) return here[1 - side];
  const part = (row - here[side]) / (next[side] - here[side]);
  return here[1 - side] + part * (next[1 - side] - here[1 - side]);
}
