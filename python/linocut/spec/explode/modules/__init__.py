"""WebAssembly modules as definitions, each cut into bytes and the indices among them."""
