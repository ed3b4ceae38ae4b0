"""Makes the post's pages: each of its programs, and Liftoff's code where node is found (linocut[explore]).

python examples/post/pages.py [FOLDER]          (build/post by default)
"""

import sys
from pathlib import Path

from linocut.cli.__main__ import main

HERE = Path(__file__).resolve().parent


def make_pages(folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    failed = 0
    for program in sorted(HERE.glob("*.wat")):
        out = folder / f"{program.stem}.html"
        failed |= main(["inspect", str(program), "--html", str(out)])
    return failed


if __name__ == "__main__":
    sys.exit(make_pages(Path(sys.argv[1] if len(sys.argv) > 1 else HERE.parent.parent / "build" / "post")))
