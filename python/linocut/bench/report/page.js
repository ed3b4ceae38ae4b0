// A click on a heading sorts its column, another one turns it round; what is no number stays below.
function compare(column, sign) {
  return (a, b) => {
    const [left, right] = [a.cells[column], b.cells[column]];
    if (left.dataset.v === undefined) return sign * left.textContent.localeCompare(right.textContent);
    const [x, y] = [Number(left.dataset.v), Number(right.dataset.v)];
    return Number.isNaN(x) - Number.isNaN(y) || sign * (x - y) || 0;
  };
}

function sort(head) {
  const falling = head.ariaSort === "ascending";
  for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", falling ? "descending" : "ascending");
  const body = head.closest("table").tBodies[0];
  body.append(...[...body.rows].sort(compare(head.cellIndex, falling ? -1 : 1)));
}

for (const head of document.querySelectorAll("th")) head.firstChild.addEventListener("click", () => sort(head));
