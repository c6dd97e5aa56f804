"""The life of one dispute, told from its records."""
