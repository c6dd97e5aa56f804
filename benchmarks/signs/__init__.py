"""The fifteen signs of a model of people who respond to rules, measured: `python -m benchmarks.signs`."""
