"""`linocut spec run`: the official test scripts of WebAssembly, run through the public API."""
