// The ribbons between two panes: each joins the rows of a piece with what it became next door.

import { byId, draw } from "./dom.js";

const FAR = 4000; // pixels beyond which the end of a ribbon need not be exact

export class Bridges {
  #paths = [];

  constructor(id) {
    this.svg = byId(id);
    this.bridges = [];
  }

  reset(bridges) {
    this.bridges = bridges;
  }

  /** Draw what touches the rows in sight of `left` or `right`, which are panes. */
  update(left, right, isHot) {
    const width = this.svg.clientWidth;
    let used = 0;
    const sights = [left.rows.inSight(), right.rows.inSight()];
    for (const bridge of this.bridges) {
      const isSeen = [overlaps(bridge.from, sights[0]), overlaps(bridge.to, sights[1])];
      if (!isSeen.includes(true)) continue;
      const path = (this.#paths[used++] ??= this.svg.appendChild(draw("path")));
      path.setAttribute("d", ribbon(left.edges(bridge.from), right.edges(bridge.to), width));
      path.setAttribute(
        "class",
        `bridge h${bridge.hue}${isHot(bridge) ? " hot" : isSeen.includes(false) ? " far" : ""}`,
      );
      path.dataset.pieces = bridge.pieces.join(" ");
    }
    for (const path of this.#paths.splice(used)) path.remove();
  }
}

const overlaps = ([start, end], [first, last]) => start < last && end > first;

const near = (y) => Math.min(FAR, Math.max(-FAR, y));

function ribbon([topLeft, bottomLeft], [topRight, bottomRight], width) {
  const [a, b, c, d] = [topLeft, bottomLeft, topRight, bottomRight].map(near);
  const middle = width / 2;
  return `M0,${a}C${middle},${a} ${middle},${c} ${width},${c}V${d}C${middle},${d} ${middle},${b} 0,${b}Z`;
}
