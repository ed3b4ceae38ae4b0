"""The text format (§6): modules assembled from text, and printed as it.

>>> import linocut.wat
>>> module = linocut.wat.assemble('(module (func (export "f") (result i32) i32.const 42))')
>>> print(linocut.wat.print(module).splitlines()[-1])
    i32.const 42)

It works without the extension, on modules of any feature.
"""

from linocut.errors import TextError
from linocut.wat.assembling import assemble
from linocut.wat.printing import print_module as print

__all__ = ["TextError", "assemble", "print"]
