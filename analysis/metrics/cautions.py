"""What makes the numbers of a run say something else than they seem to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evenhand.analysis.metrics.chunks import AnyRun
from evenhand.analysis.metrics.estimate import Estimate
from evenhand.analysis.metrics.overload import Overload, overloads
from evenhand.locale.catalogue import ENGLISH
from evenhand.locale.current import language
from evenhand.locale.formats import numerals
from evenhand.locale.words import Text, Words

MOST_OPEN = 0.05
"""Share of open disputes of a cohort from which on its endings are not yet known."""
FEW = 30
"""Cases below which a rate is marked: the 95 % interval of a share near one half is then 18 points to
either side or wider."""


class CautionWords(Words):
    """What is said of a cohort that nobody has followed."""

    SHORT = Text(
        "The run ends {days} days after the cohort, and {open} % of its {n} disputes are still open: how "
        "they end is not counted. A longer run (--days) follows them."
    )


words = CautionWords()


@dataclass(frozen=True)
class ShortFollowUp:
    """A cohort whose disputes have not ended when the run does."""

    days: int
    """From the end of the cohort to that of the run."""
    open_share: float
    n: int

    @property
    def sentence(self) -> str:
        """What a reader must know before anything else."""
        share = numerals(f"{100 * self.open_share:.0f}")
        return words.SHORT.format(days=self.days, open=share, n=numerals(f"{self.n:,}"))

    def as_json(self) -> dict[str, Any]:
        """All of it as plain data, with the sentence in English."""
        with language(ENGLISH):
            sentence = self.sentence
        return {
            "kind": "cohort_without_follow_up",
            "days": self.days,
            "open_share": self.open_share,
            "n": self.n,
            "sentence": sentence,
        }


Caution = Overload | ShortFollowUp


def cautions(run: AnyRun, estimates: Mapping[str, Estimate]) -> tuple[Caution, ...]:
    """Desks that cannot keep up, and a cohort without follow-up; usually none."""
    return (*overloads(run), *_short(run, estimates))


def _short(run: AnyRun, estimates: Mapping[str, Estimate]) -> list[ShortFollowUp]:
    still = estimates.get("open_share")
    if run.cohort is None or still is None or not still.value > MOST_OPEN:  # NaN too
        return []
    return [ShortFollowUp(run.days - run.cohort.until, float(still.value), still.n)]


def is_few(n: int, *, pooled: bool) -> bool:
    """Whether a rate stands on so few cases that luck may be all of it."""
    return pooled and 0 < n < FEW
