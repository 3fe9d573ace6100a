"""The commands, each in the file that is named for what it does."""
