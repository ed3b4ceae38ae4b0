"""`linocut spec`: the official test scripts of WebAssembly."""
