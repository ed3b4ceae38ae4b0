"""`linocut explain OPCODE`: a row of the table, and what becomes of it in machine code.

`document.py` collects, `text.py` writes it for people, `command.py` reads the command line.
"""
