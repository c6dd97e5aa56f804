"""Drawing what luck has in store for one dispute: plain scalar functions, compiled as they stand.

`parties` come first, because the run's state decides by them whether anything happens at all;
`complaint` is what talks need, and `filing` what the platform needs. The compiled clock draws each
when a dispute gets there, so nobody's luck is worked out in vain; `whole` draws everything at once.
Both read the same positions of the same draws, so it makes no difference.
"""
