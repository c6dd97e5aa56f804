"""Dispute-mini: a small court, moved by the same two engines as the lifecycle, and by other programs."""
