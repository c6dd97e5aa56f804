"""Compiling with Numba: decorators, structs, prefetching, and where machine code is kept."""
