// A function's document out of the columns that columns.py made of its lines.

export function outOfColumns(packed) {
  const wasm = lists(packed.wasm),
    code = lists(packed.code);
  const pieces = wasm.map((lines, number) => ({ number, wasm: lines, code: code[number] }));
  let at = 0;
  const sections = packed.sections.map(([name, count]) => ({
    name,
    pieces: pieces.slice(at, (at += count)),
  }));
  return { ...packed, sections, against: packed.against && foreign(packed.against) };
}

function foreign(against) {
  const code = lists(against.code);
  return { ...against, pieces: against.pieces.map((ours, at) => ({ ours, code: code[at] })) };
}

/** The lines of each piece. */
function lists({ counts, ...columns }) {
  const names = Object.keys(columns);
  let at = 0,
    offset = 0;
  const line = () => {
    const made = Object.fromEntries(names.map((name) => [name, columns[name][at]]));
    offset += made.offset;
    at++;
    return { ...made, offset };
  };
  return counts.map((count) => Array.from({ length: count }, line));
}
