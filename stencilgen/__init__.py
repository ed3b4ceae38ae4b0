"""Build time only: opcode rows + the target's description → stencils as C++ tables."""
