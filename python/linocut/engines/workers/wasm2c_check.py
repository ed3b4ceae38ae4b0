"""Runs one file by wabt's wasm2c and a C compiler: `wasm2c_check.py WASM2C CC FILE`.

Exit codes: what the guest says, or 2 refused, 3 trap, 4 not linkable.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

_REFUSED, _TRAPPED, _UNLINKABLE = 2, 3, 4
_WASI = "wasi_snapshot_preview1"
# The names are those of wabt 1.0.32. Without an entry, instantiating is all.
_MAIN = """\
#include <stdlib.h>
#include "program.h"
#include "wasm-rt-impl.h"
void Z_wasi_snapshot_preview1Z_proc_exit(struct Z_wasi_snapshot_preview1_instance_t* wasi, u32 code) {{
    (void)wasi;
    exit((int)code);
}}
int main(void) {{
    static Z_program_instance_t instance;
    wasm_rt_init();
    if (wasm_rt_impl_try() != 0) return {trapped};
    Z_program_init_module();
    Z_program_instantiate(&instance{wasi});
    {entry};
    return 0;
}}
"""
# What wabt says the compiler needs so that the C means what the WebAssembly means.
_FLAGS = ("-O1", "-fno-optimize-sibling-calls", "-frounding-math", "-fsignaling-nans")


def main(wasm2c: str, compiler: str, file: str) -> int:
    """The exit code."""
    with TemporaryDirectory(prefix="linocut-") as folder:
        c = Path(folder) / "program.c"
        if subprocess.run([wasm2c, "--enable-multi-memory", file, "-n", "program", "-o", str(c)]).returncode:
            return _REFUSED
        header = c.with_suffix(".h").read_text(encoding="utf-8")
        if set(re.findall(r"^struct Z_(\w+)_instance_t;", header, re.MULTILINE)) - {_WASI}:
            return _UNLINKABLE
        (c.parent / "main.c").write_text(_main(header), encoding="utf-8")
        runtime = Path(wasm2c).resolve().parent.parent
        sources = [c, c.parent / "main.c", runtime / "share" / "wabt" / "wasm2c" / "wasm-rt-impl.c"]
        folders = [c.parent, runtime / "include", runtime / "share" / "wabt" / "wasm2c"]
        includes = [f"-I{path}" for path in folders]
        program = str(c.with_suffix(""))
        subprocess.run([compiler, *_FLAGS, *includes, *map(str, sources), "-o", program, "-lm"], check=True)
        code = subprocess.run([program]).returncode
    return code if code >= 0 else 128 - code  # as a shell says it


def _main(header: str) -> str:
    """The C around the module, which has one entry at most."""
    entry = re.search(r"^(void|u32) (Z_programZ_(?:_start|main))\(", header, re.MULTILINE)
    call = f"{entry[2]}(&instance)" if entry else ""
    returned = f"return (int){call}" if entry and entry[1] == "u32" else call
    wasi = ", 0" if f"{_WASI}_instance_t*)" in header else ""
    declared = "" if wasi else f"struct Z_{_WASI}_instance_t;\n"
    return declared + _MAIN.format(trapped=_TRAPPED, wasi=wasi, entry=returned)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
