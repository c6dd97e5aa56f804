"""Folders and files of runs and sweeps: written whole or not at all, and read back."""
