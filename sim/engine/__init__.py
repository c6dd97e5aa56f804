"""Two engines that move the same stages: SimPy, to be read, and a compiled one, to be fast."""
