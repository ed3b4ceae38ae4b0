"""Text: `.wast` scripts read into commands; numbers, strings and instructions, which `linocut.wat` shares."""
