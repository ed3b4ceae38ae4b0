"""Other engines and tools on this machine: where they are, and running them in processes of their own."""
