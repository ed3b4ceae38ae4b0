// Three panes that scroll together: WebAssembly, our machine code, the other engine's.

import { Bridges } from "./bridges.js";
import { byId, make } from "./dom.js";
import { across, layOut } from "./layout.js";
import { Rows, rowOf } from "./rows.js";
import { oursRow, theirsRow, wasmRow } from "./lines.js";

export const ROW = 22;

class Pane {
  constructor(name, drawRow) {
    this.name = name;
    this.element = byId(`pane-${name}`);
    this.scroller = this.element.querySelector(".scroller");
    this.lines = [];
    this.rows = new Rows(this.scroller, ROW, (at) => drawRow(this.lines[at]));
  }

  reset(lines) {
    this.lines = lines;
    this.scroller.scrollTop = 0;
    this.rows.reset(lines.length);
  }

  /** The pixels at which rows [start, end) begin and end in the gutter. */
  edges([start, end]) {
    const top = this.scroller.scrollTop;
    return [start * ROW - top, end * ROW - top];
  }
}

export class Panes {
  #driver = null; // the pane that the reader moves; the others follow
  #frame = 0;

  constructor({ onPin, onHover }) {
    this.onPin = onPin;
    this.onHover = onHover;
    this.hovered = this.pinned = null;
    this.panes = [
      new Pane("wasm", (row) => this.#dress(wasmRow(row), row)),
      new Pane("ours", (row) => this.#dress(oursRow(row), row)),
      new Pane("theirs", (row) => this.#dress(theirsRow(row), row)),
    ];
    [this.wasm, this.ours, this.theirs] = this.panes;
    this.left = new Bridges("bridges-left");
    this.right = new Bridges("bridges-right");
    this.panes.forEach((pane) => this.#listen(pane));
    new ResizeObserver(() => this.#schedule()).observe(byId("panes"));
  }

  show(view) {
    this.view = view;
    this.layout = layOut(view);
    this.hovered = this.pinned = null;
    byId("panes").dataset.panes = view.against ? 3 : 2;
    this.left.reset(this.layout.bridges.left);
    this.right.reset(this.layout.bridges.right);
    for (const pane of this.panes) pane.reset(this.layout[pane.name]);
    this.#driver = this.ours;
    this.#schedule();
  }

  // What is marked: our pieces and the block that goes with them.

  /** A mark: the piece that is meant, all that is to be lit, and their block. */
  #markOf(pane, at) {
    const row = pane.lines[at];
    if (!row || row.section) return null;
    if (row.block === undefined) return this.markOfPiece(row.piece);
    return { piece: null, pieces: this.layout.blocks[row.block].pieces, block: row.block };
  }

  markOfPiece(piece) {
    return { piece, pieces: [piece], block: this.layout.pieces[piece].block };
  }

  #isLit(row) {
    const marks = [this.hovered, this.pinned];
    return marks.some(
      (mark) =>
        mark && (row.block === undefined ? mark.pieces.includes(row.piece) : mark.block === row.block),
    );
  }

  #isHot(bridge) {
    return [this.hovered, this.pinned].some((mark) =>
      mark?.pieces.some((piece) => bridge.pieces.includes(piece)),
    );
  }

  #dress(element, row) {
    if (row.section) return element;
    const owner = row.block === undefined ? this.layout.pieces[row.piece] : this.layout.blocks[row.block];
    element.classList.add(owner.hue === null ? "h-none" : `h${owner.hue}`);
    element.classList.toggle("first", row.isFirst);
    element.classList.toggle("lit", this.#isLit(row));
    return element;
  }

  #relight() {
    for (const pane of this.panes) {
      const [first, end] = pane.rows.drawn;
      for (let at = first; at < end; at++) {
        const row = pane.lines[at];
        if (!row.section) pane.rows.element(at).classList.toggle("lit", this.#isLit(row));
      }
    }
    byId("panes").classList.toggle("has-mark", Boolean(this.hovered ?? this.pinned));
    this.#bridge();
  }

  hover(mark) {
    if (same(mark, this.hovered)) return;
    this.hovered = mark;
    this.#relight();
    this.onHover(this.hovered ?? this.pinned);
  }

  pin(mark, isQuiet = false) {
    this.pinned = mark;
    this.#relight();
    this.onPin(mark, isQuiet);
    this.onHover(this.hovered ?? this.pinned);
  }

  /** Pin a piece by its number and bring it into sight. */
  goTo(number, isQuiet = false) {
    const piece = this.layout.pieces[number];
    if (!piece) return;
    this.hovered = null; // the pointer may rest somewhere: what is asked for counts
    this.pin(this.markOfPiece(number), isQuiet);
    this.#driver = piece.ours[0] === piece.ours[1] ? this.wasm : this.ours;
    this.#driver.rows.reveal(...piece[this.#driver.name]);
    this.#follow();
  }

  /** Pin the next piece (step 1) or the one before (-1), among those that have anything to show. */
  step(step) {
    const pieces = this.layout.pieces;
    let number = this.pinned?.pieces.at(step > 0 ? -1 : 0) ?? (step > 0 ? -1 : pieces.length);
    do number += step;
    while (pieces[number] && isBare(pieces[number]));
    this.goTo(number);
  }

  // Scrolling.

  #listen(pane) {
    const { scroller } = pane;
    const drive = () => (this.#driver = pane);
    for (const name of ["wheel", "pointerdown", "touchstart", "keydown"])
      scroller.addEventListener(name, drive, { passive: true });
    scroller.addEventListener("scroll", () => (pane === this.#driver ? this.#follow() : this.#schedule()), {
      passive: true,
    });
    scroller.addEventListener("pointerover", (event) => this.hover(this.#markOf(pane, rowOf(event))));
    scroller.addEventListener("pointerleave", () => this.hover(null));
    scroller.addEventListener("click", (event) => this.#click(pane, event));
  }

  #click(pane, event) {
    if (event.target.closest("button")) return;
    const mark = this.#markOf(pane, rowOf(event));
    this.pin(same(mark, this.pinned) ? null : mark);
  }

  /**
   * Put the other panes where the driver is. The line that is held together wanders from the top of the panes to
   * their bottom as the driver goes from its start to its end: so all of them start and end together.
   */
  #follow() {
    const driver = this.#driver,
      { scrollTop, clientHeight, scrollHeight } = driver.scroller;
    const held = clientHeight * Math.min(1, scrollTop / Math.max(1, scrollHeight - clientHeight));
    const row = (scrollTop + held) / ROW;
    const places = this.#places(driver, row);
    for (const pane of this.panes) {
      if (pane === driver) continue;
      const share = held / clientHeight;
      pane.scroller.scrollTop = places[pane.name] * ROW - share * pane.scroller.clientHeight;
    }
    this.#schedule();
  }

  #places(driver, row) {
    const { left, right } = this.layout.anchors;
    if (driver === this.wasm) {
      const ours = across(left, 0, row);
      return { ours, theirs: across(right, 0, ours) };
    }
    const ours = driver === this.ours ? row : across(right, 1, row);
    return { ours, wasm: across(left, 1, ours), theirs: across(right, 0, ours) };
  }

  #schedule() {
    if (this.#frame) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#bridge();
    });
  }

  #bridge() {
    if (!this.layout) return;
    const isHot = (bridge) => this.#isHot(bridge);
    this.left.update(this.wasm, this.ours, isHot);
    this.right.update(this.ours, this.theirs, isHot);
  }
}

const isBare = (piece) => piece.wasm[0] === piece.wasm[1] && piece.ours[0] === piece.ours[1];

const same = (a, b) => a?.piece === b?.piece && a?.block === b?.block;
