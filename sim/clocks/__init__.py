"""Simulation engines: SimPy, readable, and Numba, fast; results are identical."""
