"""`python -m stencilgen OUT` writes the C++ tables; `--docs FILE` writes docs/opcodes.md instead."""

from __future__ import annotations

import argparse
from pathlib import Path

from stencilgen.tables import write_docs, write_tables
from stencilgen.variants import make_stencil_set

ABI = Path(__file__).resolve().parent.parent / "abi"


def main() -> None:
    """Generate the tables."""
    parser = argparse.ArgumentParser(prog="python -m stencilgen", description=__doc__)
    parser.add_argument("out", type=Path, help="the folder for the tables, or with --docs the file")
    parser.add_argument("--docs", action="store_true", help="write the opcode list instead of the tables")
    arguments = parser.parse_args()
    stencils = make_stencil_set(str(ABI))
    if arguments.docs:
        arguments.out.write_text(write_docs(stencils), encoding="utf-8")
        return
    arguments.out.mkdir(parents=True, exist_ok=True)
    for name, text in write_tables(stencils).items():
        _write_if_changed(arguments.out / name, text)


def _write_if_changed(path: Path, text: str) -> None:
    """Leave an equal file alone, so that nothing that includes it is compiled again."""
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
