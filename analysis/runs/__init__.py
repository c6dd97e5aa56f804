"""Runs on disk: what their folders hold, one of any size chunk by chunk, many as one table."""
