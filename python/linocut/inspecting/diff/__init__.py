"""`linocut diff A [B]`: two modules, or two ways to compile one, beside each other.

`blocks.py` pairs the pieces of two listings, `document.py` collects, `lines.py` writes it for people.
"""
