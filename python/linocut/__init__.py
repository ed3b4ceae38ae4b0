"""linocut: a fast WebAssembly engine for Python.

Load a module, instantiate it, call what it exports:

>>> import linocut
>>> module = linocut.load('(module (func (export "add") (param i32 i32) (result i32)'
...                       '  local.get 0 local.get 1 i32.add))')
>>> module.instantiate().exports.add(2, 3)
5

Everything here is loaded on first use, so that `import linocut` costs next to nothing.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from linocut import wat as wat
    from linocut._core import Func as Func
    from linocut._core import Global as Global
    from linocut._core import Memory as Memory
    from linocut._core import Store as Store
    from linocut._core import Table as Table
    from linocut._core import Tag as Tag
    from linocut._core import deadline as deadline
    from linocut.errors import Error as Error
    from linocut.errors import Frame as Frame
    from linocut.errors import Interrupted as Interrupted
    from linocut.errors import InvalidError as InvalidError
    from linocut.errors import LinkError as LinkError
    from linocut.errors import MalformedError as MalformedError
    from linocut.errors import MissingExtraError as MissingExtraError
    from linocut.errors import ModuleError as ModuleError
    from linocut.errors import NoCompilerError as NoCompilerError
    from linocut.errors import StackExhausted as StackExhausted
    from linocut.errors import TextError as TextError
    from linocut.errors import Timeout as Timeout
    from linocut.errors import Trap as Trap
    from linocut.errors import UnsupportedError as UnsupportedError
    from linocut.errors import WasmException as WasmException
    from linocut.inspecting.inspection import Inspection as Inspection
    from linocut.inspecting.inspection import inspect as inspect
    from linocut.instance import Exports as Exports
    from linocut.instance import Instance as Instance
    from linocut.limits import Limits as Limits
    from linocut.module import Module as Module
    from linocut.module import has_compiler as has_compiler
    from linocut.module import load as load
    from linocut.module import validate as validate
    from linocut.types import ExportType as ExportType
    from linocut.types import FuncType as FuncType
    from linocut.types import GlobalType as GlobalType
    from linocut.types import ImportType as ImportType
    from linocut.types import MemoryType as MemoryType
    from linocut.types import TableType as TableType
    from linocut.types import TagType as TagType

__version__ = "0.1.0"

# Where each public name lives (PEP 562). The extension's classes come by way of `_bridge`.
_HOMES = {
    "_bridge": ("Func", "Global", "Memory", "Store", "Table", "Tag", "deadline"),
    "errors": (
        "Error",
        "Frame",
        "Interrupted",
        "InvalidError",
        "LinkError",
        "MalformedError",
        "MissingExtraError",
        "ModuleError",
        "NoCompilerError",
        "StackExhausted",
        "TextError",
        "Timeout",
        "Trap",
        "UnsupportedError",
        "WasmException",
    ),
    "inspecting.inspection": ("Inspection", "inspect"),
    "instance": ("Exports", "Instance"),
    "limits": ("Limits",),
    "module": ("Module", "has_compiler", "load", "validate"),
    "types": ("ExportType", "FuncType", "GlobalType", "ImportType", "MemoryType", "TableType", "TagType"),
}
_FOLDERS = ("wat",)  # that are reached without an import of their own, as `linocut.wat.assemble`
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [*_HOME_OF, "__version__"]


def __getattr__(name: str) -> object:
    if name in _FOLDERS:
        __import__(f"{__name__}.{name}")
        return globals()[name]
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    # Not importlib.import_module: importing importlib would take longer than the rest.
    value = getattr(__import__(f"{__name__}.{home}", fromlist=[name]), name)
    globals()[name] = value  # the next access does not come here
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME_OF, *_FOLDERS})
