"""`linocut spec check`: any engine against a folder of self-contained test files."""
