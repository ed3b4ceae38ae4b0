"""The `linocut` command. Each subcommand is a module or package with `main(arguments) -> int`."""
