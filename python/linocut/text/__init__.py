"""Text: .wast scripts read into commands, and module text turned into bytes by a library.

Nothing is imported here, so that `linocut.load` can reach `linocut.text.wat` without paying for the rest.
"""
