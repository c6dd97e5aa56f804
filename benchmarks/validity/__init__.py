"""Whether the model finds what others have found: `python -m benchmarks.validity` runs every study.

Each study was written down with its figures, their published values and the rule of its verdict before it was
run, and nothing was set afterwards to make it fit.
"""
