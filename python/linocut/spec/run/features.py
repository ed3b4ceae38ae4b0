"""Which later feature of WebAssembly a module needs, told from its text or its bytes.

Asked only about a module that linocut refused: it names the reason, it never decides what is tried.
"""

from __future__ import annotations

import re

from linocut.text import commands as c

_MEMORY = r"\(memory\s"

# The first feature that matches is the answer, so what builds on others comes before them.
FEATURES: tuple[tuple[str, str], ...] = (
    ("custom page sizes", r"\(pagesize\b"),
    ("custom descriptors", r"\((?:descriptor|describes|exact)\b|_desc\b|_desc_"),
    ("wide arithmetic", r"\bi64\.(?:add128|sub128|mul_wide_[su])\b"),
    ("relaxed SIMD", r"[.x]\w*relaxed_"),
    ("SIMD", r"\bv128\b|\b[if](?:8x16|16x8|32x4|64x2)\b"),
    ("threads", r"\bshared\b|\batomic\."),
    ("legacy exceptions", r"\btry\b(?!_)|\b(?:rethrow|delegate)\b"),
    ("exceptions", r"\(tag\b|\b(?:throw|throw_ref|try_table)\b|\b(?:null)?exn(?:ref)?\b"),
    (
        "GC",
        r"\((?:rec|sub|struct|array)\b|\b(?:struct|array|i31|any|extern)\.|\bref\.(?:test|cast|eq|i31)\b"
        r"|\bbr_on_cast|\b(?:any|eq|i31|struct|array|null|nullfunc|nullextern)ref\b"
        r"|\bref\.null (?:any|eq|i31|struct|array|none|nofunc|noextern)\b",
    ),
    ("memory64", r"\((?:memory|table)\s+(?:\$\S+\s+)?(?:\((?:export|import)[^()]*\)\s*)*i64\b"),
    (
        "typed references",
        r"\(ref\s|\b(?:return_)?call_ref\b|\bref\.as_non_null\b|\bbr_on_(?:non_)?null\b|\bref\.null \$"
        r"|\(table\s[^()]*\d\s+\w+ref\s*\(",  # a table's initial value
    ),
    ("tail calls", r"\breturn_call"),
    ("multi-memory", rf"{_MEMORY}.*{_MEMORY}"),
)
_PATTERNS = tuple((name, re.compile(pattern, re.DOTALL)) for name, pattern in FEATURES)

# Almost all binary modules of core/ are of 2.0; those that are not define a table of (ref func), §5.3.4.
_NON_NULL_FUNC = b"\x64\x70"

_STRING = r'"(?:[^"\\]|\\.)*"'
# Comments, what strings say, and exports, which only mention what is defined elsewhere.
_NOISE = re.compile(rf"\(;.*?;\)|;;[^\r\n]*|\(export\s*{_STRING}\s*(?:\([^()]*\))?\s*\)|{_STRING}", re.DOTALL)


def needed(source: c.Source) -> str | None:
    """The later feature that a module needs; None if none shows."""
    if isinstance(source, c.ModuleBinary):
        return "typed references" if _NON_NULL_FUNC in source.wasm else None
    text = source.text.decode(errors="replace") if isinstance(source, c.ModuleQuote) else source.text
    declarations = _NOISE.sub(" ", text)
    return next((name for name, pattern in _PATTERNS if pattern.search(declarations)), None)
