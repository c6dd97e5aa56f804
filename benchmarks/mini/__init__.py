"""Dispute-mini: a small court, moved by the same two clocks as the lifecycle, and by other programs."""
