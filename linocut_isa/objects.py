"""Objects on the heap (§5.4.3): structs, arrays, i31, casts; and those with custom descriptors."""

from linocut_isa.row import Effect, define

_READS, _WRITES = Effect.READS_OBJECTS, Effect.WRITES_OBJECTS


def _define(
    name: str, number: int, signature: str, imm: str = "", effect: Effect = Effect.NONE, text: str = ""
) -> None:
    feature = "custom-descriptors" if "_desc" in name else "gc"
    define(name, (0xFB, number), signature, imm=imm, effect=effect, text=text, feature=feature)


_define("struct.new", 0, "v:$fields* -- r:$type", "type")
_define("struct.new_default", 1, "-- r:$type", "type")
_define("struct.get", 2, "o:$type -- r:$field", "type field", _READS)
_define("struct.get_s", 3, "o:$type -- r:i32", "type field", _READS)
_define("struct.get_u", 4, "o:$type -- r:i32", "type field", _READS)
_define("struct.set", 5, "o:$type v:$field --", "type field", _WRITES)
_define("array.new", 6, "v:$element n:i32 -- r:$type", "type")
_define("array.new_default", 7, "n:i32 -- r:$type", "type")
_define("array.new_fixed", 8, "v:$elements* -- r:$type", "type count")
_define("array.new_data", 9, "s:i32 n:i32 -- r:$type", "type data:read")
_define("array.new_elem", 10, "s:i32 n:i32 -- r:$type", "type elem:read")
_define("array.get", 11, "o:$type i:i32 -- r:$element", "type", _READS)
_define("array.get_s", 12, "o:$type i:i32 -- r:i32", "type", _READS)
_define("array.get_u", 13, "o:$type i:i32 -- r:i32", "type", _READS)
_define("array.set", 14, "o:$type i:i32 v:$element --", "type", _WRITES)
_define("array.len", 15, "o:arrayref -- r:i32")
_define("array.fill", 16, "o:$type i:i32 v:$element n:i32 --", "type", _WRITES)
_define("array.copy", 17, "d:$type i:i32 s:$other j:i32 n:i32 --", "type type", _WRITES)
_define("array.init_data", 18, "o:$type d:i32 s:i32 n:i32 --", "type data:read", _WRITES)
_define("array.init_elem", 19, "o:$type d:i32 s:i32 n:i32 --", "type elem:read", _WRITES)
_define("ref.test", 20, "o:$reference -- r:i32", "reftype")
_define("ref.test_null", 21, "o:$reference -- r:i32", "nullreftype", text="ref.test")
_define("ref.cast", 22, "o:$reference -- r:$ref", "reftype")
_define("ref.cast_null", 23, "o:$reference -- r:$ref", "nullreftype", text="ref.cast")
_define("br_on_cast", 24, "v:$label* o:$reference -- v:$label* r:$reference", "cast label heaptype heaptype")
_define("br_on_cast_fail", 25, "v:$label* o:$reference -- v:$label* r:$ref", "cast label heaptype heaptype")
_define("any.convert_extern", 26, "o:externref -- r:anyref")
_define("extern.convert_any", 27, "o:anyref -- r:externref")
_define("ref.i31", 28, "a:i32 -- r:i31ref")
_define("i31.get_s", 29, "o:i31ref -- r:i32")
_define("i31.get_u", 30, "o:i31ref -- r:i32")

_define("struct.new_desc", 32, "v:$fields* d:$reference -- r:$type", "type")
_define("struct.new_default_desc", 33, "d:$reference -- r:$type", "type")
_define("ref.get_desc", 34, "o:$type -- r:$reference", "type")
_define("ref.cast_desc_eq", 35, "o:$reference d:$reference -- r:$ref", "reftype")
_define(
    "ref.cast_desc_eq_null", 36, "o:$reference d:$reference -- r:$ref", "nullreftype", text="ref.cast_desc_eq"
)
_define(
    "br_on_cast_desc_eq", 37, "v:$label* o:$reference d:$reference -- v:$label* r:$reference",
    "cast label heaptype heaptype",
)  # fmt: skip
_define(
    "br_on_cast_desc_eq_fail", 38, "v:$label* o:$reference d:$reference -- v:$label* r:$ref",
    "cast label heaptype heaptype",
)  # fmt: skip
