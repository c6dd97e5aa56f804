"""Sampling the random quantities of a dispute, in scalar functions that both engines share.

`parties` come first, because the run's state decides by them whether anything happens at all;
`complaint` is what talks need, and `filing` what the platform needs. The Numba engine draws each
lazily, when a dispute gets there; `whole` draws everything at once. Both read the same positions of
the same draws, so results are identical.
"""
