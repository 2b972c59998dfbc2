"""The command line: `rackrate COMMAND ...`. Each command is imported when it is asked for."""
