"""Faults: commands are killed, files are damaged and inputs are made up, and what comes of it is counted."""
