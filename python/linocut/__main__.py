"""`python -m linocut`: the same as the command `linocut`."""

from __future__ import annotations

import sys

from linocut.cli.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
