"""The fifteen signs by which the model's people are judged: paired worlds, each effect with its interval.

The tests assert what is here, and `benchmarks.signs` writes the same figures into a page.
"""
