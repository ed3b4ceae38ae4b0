"""The text format (§6): modules assembled from text, and printed as it.

>>> import linocut.wat
>>> module = linocut.wat.assemble('(module (func (export "f") (result i32) i32.const 42))')
"""

from linocut.errors import TextError
from linocut.wat.assembling import assemble

__all__ = ["TextError", "assemble"]
