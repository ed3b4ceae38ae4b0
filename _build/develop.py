"""Makes the working tree importable in .venv: a path file and the `linocut` command.

An editable install would do the same through an import hook, which costs more at every start-up than
`import linocut` itself.
"""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMAND = """#!{python}
import sys

from linocut.cli.__main__ import main

sys.exit(main())
"""


def main() -> None:
    """Write both files into the environment of the running interpreter."""
    paths = sysconfig.get_paths()
    Path(paths["purelib"], "linocut-dev.pth").write_text(f"{ROOT / 'python'}\n{ROOT}\n", encoding="utf-8")
    command = Path(paths["scripts"], "linocut")
    command.write_text(COMMAND.format(python=sys.executable), encoding="utf-8")
    command.chmod(0o755)


if __name__ == "__main__":
    main()
