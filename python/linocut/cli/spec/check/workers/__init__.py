"""Worker processes: an engine each, with the line protocol of docs/exploder.md around it."""
