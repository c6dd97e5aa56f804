"""Runs on disk: what their folders hold, one of any size piece by piece, and many as one table."""
