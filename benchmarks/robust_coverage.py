"""Do the shares and flip rules of `robust` cover the truth? `python -m benchmarks.robust_coverage [STUDIES]`.

Toy worlds: forty beliefs of which six matter, two of them together and one bent, and luck that is 2, 12
or 19 % of the variance of a future's mean, as on `tmall`. Each study screens, lives through futures and
tells a share with its interval and rules with their densities; the truth is known from 20,000 futures
without luck. The last row gives all futures the same two worlds, as sweeps do.
"""

from __future__ import annotations

import sys
from typing import NamedTuple

import numpy as np

from benchmarks.robust_toy import Toy, toy

STUDIES, FUTURES = 2000, 512
CASES = ((0.02, False), (0.12, False), (0.19, False), (0.12, True))


class Covered(NamedTuple):
    """How often intervals hold the truth."""

    shares: float
    rules: float
    told: int
    """Rules that were told."""
    seen: float
    """How much higher the density is where a rule was found than in truth."""


def covered(studies: list[Toy]) -> Covered:
    """Shares and rules of many studies."""
    shares = [one.verdicts.better.low <= one.truth <= one.verdicts.better.high for one in studies]
    each = [(rule, truth) for one in studies for rule, truth in zip(one.rules, one.densities, strict=True)]
    rules = [rule.density.low <= truth <= rule.density.high for rule, truth in each]
    seen = [rule.seen - truth for rule, truth in each]
    return Covered(float(np.mean(shares)), float(np.mean(rules)), len(rules), float(np.mean(seen)))


def main(studies: int = STUDIES) -> None:
    """Print a row for each size of luck."""
    print(f"{studies} studies of {FUTURES} futures")
    for luck, same in CASES:
        found = covered([toy(seed, FUTURES, luck, same_worlds=same) for seed in range(studies)])
        worlds = "the same two for all" if same else "its own two"
        print(
            f"luck {100 * luck:.0f} % of the variance, worlds of a future: {worlds}: the share covers the "
            f"truth in {100 * found.shares:.1f} %, rules in {100 * found.rules:.1f} % of {found.told}; "
            f"a rule's density where it was found is {100 * found.seen:.1f} points too high",
            flush=True,
        )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
