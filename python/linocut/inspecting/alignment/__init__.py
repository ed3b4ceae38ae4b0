"""Which instructions of another engine's function do the same work as which of ours.

`align.py` pairs them: by the WebAssembly offsets that the engine tells, otherwise by what instructions do
(`events.py`), in order (`pairing.py`). `regions.py` sets the frame's code and cold code apart, and
`neighbours.py` gives the remaining instructions to the pairs around them.
"""
