"""How test files are given to an engine, and what can become of them."""
