// A list of rows of one height, of which only those in sight are in the document.

import { make } from "./dom.js";

const SPARE = 24; // rows beyond each edge, so that a short scroll draws nothing

export class Rows {
  constructor(scroller, rowHeight, drawRow) {
    this.scroller = scroller;
    this.rowHeight = rowHeight;
    this.drawRow = drawRow;
    this.count = 0;
    this.drawn = [0, 0];
    this.stack = make("div", { class: "stack", role: "presentation" });
    this.extent = make("div", { class: "extent", role: "presentation" }, this.stack);
    scroller.replaceChildren(this.extent);
    scroller.addEventListener("scroll", () => this.update(), { passive: true });
    new ResizeObserver(() => this.update()).observe(scroller);
  }

  /** Other rows: everything is drawn anew. */
  reset(count) {
    this.count = count;
    this.extent.style.height = `${count * this.rowHeight}px`;
    this.redraw();
  }

  redraw() {
    this.drawn = [0, 0];
    this.stack.replaceChildren();
    this.update();
  }

  /** The rows in sight, [first, end). */
  inSight() {
    const { scrollTop, clientHeight } = this.scroller;
    const first = Math.max(0, Math.floor(scrollTop / this.rowHeight));
    return [first, Math.min(this.count, Math.ceil((scrollTop + clientHeight) / this.rowHeight))];
  }

  update() {
    const [first, end] = this.inSight();
    if (first >= this.drawn[0] && end <= this.drawn[1]) return;
    this.drawn = [Math.max(0, first - SPARE), Math.min(this.count, end + SPARE)];
    const rows = [];
    for (let at = this.drawn[0]; at < this.drawn[1]; at++) {
      const row = this.drawRow(at);
      row.dataset.row = at;
      row.ariaSetSize = this.count;
      row.ariaPosInSet = at + 1;
      rows.push(row);
    }
    this.stack.style.transform = `translateY(${this.drawn[0] * this.rowHeight}px)`;
    this.stack.replaceChildren(...rows);
  }

  /** The element of a row, if it is in the document. */
  element(at) {
    return this.stack.children[at - this.drawn[0]] ?? null;
  }

  /** Scroll as little as shows rows [start, end). */
  reveal(start, end = start + 1) {
    const { scrollTop, clientHeight } = this.scroller;
    const top = start * this.rowHeight,
      bottom = end * this.rowHeight;
    if (top < scrollTop) this.scroller.scrollTop = top;
    else if (bottom > scrollTop + clientHeight)
      this.scroller.scrollTop = Math.min(top, bottom - clientHeight);
    this.update();
  }
}

/** The number of the row that an event is in, or null. */
export function rowOf(event) {
  const row = event.target.closest?.("[data-row]");
  return row ? Number(row.dataset.row) : null;
}
