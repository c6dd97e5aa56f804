"""Jobs: what commands do, for programs."""
