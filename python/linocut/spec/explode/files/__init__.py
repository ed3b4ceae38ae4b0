"""The bytes of a file: the items that it needs, and functions that act and judge."""
