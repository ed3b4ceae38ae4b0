// The permalink: #func=12&piece=3 names a function by index or name, and the piece that is pinned.

export function readAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  const piece = given.get("piece");
  return { func: given.get("func"), piece: piece === null ? null : Number(piece) };
}

export function writeAddress(func, piece) {
  const hash = `#func=${func}${piece === null ? "" : `&piece=${piece}`}`;
  if (hash === location.hash) return;
  try {
    history.replaceState(null, "", hash);
  } catch {
    // A frame without an address of its own, as in a notebook, has no permalinks.
  }
}

/** The function that an address means: an index first, then a name, then an export. */
export function findFunction(functions, wanted) {
  if (wanted === null) return null;
  const name = wanted.replace(/^\$/, "");
  const tests = [
    (f) => String(f.function) === wanted,
    (f) => f.name === name,
    (f) => f.exports.includes(wanted),
  ];
  for (const test of tests) {
    const found = functions.find(test);
    if (found) return found;
  }
  return null;
}
