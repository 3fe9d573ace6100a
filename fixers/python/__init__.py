"""Rules over Python, one file each."""
