"""The machine code that other engines make of a module."""
