"""Machine code as instructions: of linocut and of other engines."""
