"""How fast it is, against what: `python -m benchmarks` prints a table of ratios."""
