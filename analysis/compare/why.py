"""Why: which paths changed where a difference was found, through which rules, in how many disputes."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, nan
from typing import Any, NamedTuple

from evenhand.analysis.compare.moves import Move
from evenhand.analysis.compare.paths import words as path_words
from evenhand.analysis.compare.words import figures, with_word
from evenhand.analysis.counterfactual.attribution_settings import Setting, written
from evenhand.analysis.metrics.written import finite
from evenhand.locale.catalogue import ENGLISH
from evenhand.locale.current import gettext, language
from evenhand.locale.formats import numerals
from evenhand.locale.words import Counted, Named, Text, Words

MOSTLY = 0.95
"""Share of disputes that part where a changed rule acts, from which on the others are not told."""
LONGEST = 40
"""Characters of a value that is written out."""


class WhyWords(Words):
    """What is said of a cause."""

    WHY = Text("Why: {parts}.")
    PARTS = Text("; ")
    MOVED = Counted(
        "{n} dispute goes from “{before}” to “{after}”{back}{adds}",
        "{n} disputes go from “{before}” to “{after}”{back}{adds}",
    )
    BACK = Text(", {n} the other way")
    ARISE = Text("{n} disputes arise under {policy} only and {m} under {baseline} only{adds}")
    OTHERWISE = Counted(
        "{n} dispute stays “{before}” with another result{adds}",
        "{n} disputes stay “{before}” with another result{adds}",
    )
    LATER = Counted(
        "{n} dispute stays “{before}” with this result, by other steps or at another time{adds}",
        "{n} disputes stay “{before}” with this result, by other steps or at another time{adds}",
    )
    ADDS = Text(" ({amount} of {whole})")
    ADDS_LONGER = Text(" ({amount} of {whole} that take longer than this under {baseline})")
    SPREAD = Text("it is spread over many changes of path, none of which makes a tenth of it")
    MOSTLY = Text("{n} of {all} disputes take another path or have another result, most often: {parts}")
    PATH = Text("“{path}” {before} → {after}")
    WAIT = Text("mean wait from desk to ruling {before} → {after} h")
    WHO = Text("most of them at {group} ({n})")
    THROUGH = Text("through {settings}, where {n} of {all} first part")
    ELSEWHERE = Text("the other {n} part where no changed rule acts: by queues and what people have learnt")
    NO_RULE = Text("they part where no changed rule acts: by queues and what people have learnt")
    WHO_COMES = Text("who comes changes with what people have learnt and expect of the rules")
    SETTING = Text("{path}: {before} → {after}")
    SILENCE = Text("no answer in time after filing means under {policy}: {meaning}")
    SILENCE_MEANS = Named(
        buyer_wins="the buyer wins",
        adverse_inference="it is held against the merchant in the ruling",
        decide_on_file="the file is decided as it stands",
        close="the case is closed",
    )
    ITEMS = Text(", ")


words = WhyWords()


class Moved(NamedTuple):
    """Disputes that make one move."""

    move: Move
    n: int
    back: int
    """Those that make it the other way round."""
    adds: float
    """What they add to a difference, in its unit; NaN where it does not add up over disputes."""
    world: int
    """World of the dispute that stands for them, and its number: of the first world that has one of them, the
    one whose amount is the middle one."""
    dispute: int

    def as_json(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {
            "before": self.move.before,
            "after": self.move.after,
            "same_result": self.move.same_result,
            "disputes": self.n,
            "the_other_way": self.back,
            "adds": finite(self.adds),
            "example": {"replication": self.world, "dispute": self.dispute},
        }


class Through(NamedTuple):
    """A setting that the policies do not share, and the disputes that first part where it acts."""

    setting: Setting
    n: int

    @property
    def said(self) -> str:
        """The setting with both values, or alone where these are long."""
        before, after = written(self.setting.a), written(self.setting.b)
        if max(len(before), len(after)) > LONGEST:
            return self.setting.path
        return words.SETTING.format(path=self.setting.path, before=before, after=after)


@dataclass(frozen=True)
class Why:
    """Why one difference came about, from counts over the same disputes under both policies."""

    policy: str
    baseline: str
    unit: str
    whole: float
    """The difference that is explained: of the pooled values, or of the share that stands for a time."""
    of_time: bool
    """In its place stand the disputes that take longer than it is under the baseline, since these add up."""
    moves: tuple[Moved, ...]
    """Those that add most in the direction of the difference; the most frequent where nothing adds up."""
    paths: tuple[tuple[str, int, int], ...]
    """Paths that they leave and reach, with the disputes on them under the baseline and under the policy."""
    through: tuple[Through, ...]
    acted: int
    """Of the disputes of these moves, those that first part where a changed setting acts."""
    of: tuple[int, int]
    """Disputes that take another path or have another result, and all."""
    group: tuple[str, int] = ("", 0)
    """Title of the group of merchants that has most of them, if more than half, and how many these are."""
    waits: tuple[float, float] = (nan, nan)
    """Mean hours from desk to ruling, where the metric is of time or work."""
    silence: str = ""
    """What silence means under the policy, where the metric is of silence."""

    @property
    def n(self) -> int:
        """Disputes that arise under both policies and make the moves that are told."""
        return sum(one.n + one.back for one in self.moves if not one.move.other_disputes)

    @property
    def sentence(self) -> str:
        """One sentence, in the language in force."""
        parts = [*self._moves(), *self._counts(), *self._rules()]
        return words.WHY.format(parts=words.PARTS.join(parts))

    def _moves(self) -> list[str]:
        said = [self._said(one) for one in self.moves]
        if isfinite(self.whole):
            return said or [words.SPREAD]
        n, every = (numerals(f"{x:,}") for x in self.of)
        return [words.MOSTLY.format(n=n, all=every, parts=words.ITEMS.join(said))] if said else []

    def _said(self, one: Moved) -> str:
        adds, n, m = self._adds(one.adds), *(numerals(f"{x:,}") for x in (one.n, one.back))
        if one.move.other_disputes:
            return words.ARISE.format(n=n, m=m, policy=self.policy, baseline=self.baseline, adds=adds)
        form = words.MOVED
        if one.move.stays:
            form = words.LATER if one.move.same_result else words.OTHERWISE
        return form(one.n).format(
            n=n,
            before=path_words.NAMES[one.move.before],
            after=path_words.NAMES[one.move.after],
            back=words.BACK.format(n=m) if one.back else "",
            adds=adds,
        )

    def _adds(self, amount: float) -> str:
        if not isfinite(amount):
            return ""
        part, whole = figures((amount, self.whole), self.unit, abs(self.whole) / 10)
        form = words.ADDS_LONGER if self.of_time else words.ADDS
        return form.format(amount=part, whole=with_word(whole, self.unit), baseline=self.baseline)

    def _counts(self) -> list[str]:
        said = []
        if self.group[0]:
            said.append(words.WHO.format(group=gettext(self.group[0]), n=numerals(f"{self.group[1]:,}")))
        told = [
            words.PATH.format(
                path=path_words.NAMES[name], before=numerals(f"{a:,}"), after=numerals(f"{b:,}")
            )
            for name, a, b in self.paths
        ]
        if told:
            said.append(words.ITEMS.join(told))
        if all(map(isfinite, self.waits)):
            before, after = (numerals(f"{x:,.1f}") for x in self.waits)
            said.append(words.WAIT.format(before=before, after=after))
        return said

    def _rules(self) -> list[str]:
        said = []
        if self.moves:
            n, every, others = (numerals(f"{x:,}") for x in (self.acted, self.n, self.n - self.acted))
            if self.through:
                settings = words.ITEMS.join(one.said for one in self.through)
                said.append(words.THROUGH.format(settings=settings, n=n, all=every))
                if self.acted < MOSTLY * self.n:
                    said.append(words.ELSEWHERE.format(n=others))
            else:
                said.append(words.NO_RULE if self.n else words.WHO_COMES)
        if self.silence:
            meaning = words.SILENCE_MEANS[self.silence]
            said.append(words.SILENCE.format(policy=self.policy, meaning=meaning))
        return said

    def as_json(self) -> dict[str, Any]:
        """All of it as plain data, with the sentence in English."""
        with language(ENGLISH):
            sentence = self.sentence
        return {
            "sentence": sentence,
            "explains": finite(self.whole),
            "of_time": self.of_time,
            "changes": [one.as_json() for one in self.moves],
            "paths": {name: [a, b] for name, a, b in self.paths},
            "settings": [
                {
                    "path": one.setting.path,
                    "before": written(one.setting.a),
                    "after": written(one.setting.b),
                    "disputes": one.n,
                }
                for one in self.through
            ],
            "disputes": self.n,
            "where_a_rule_acts": self.acted,
            "silence": self.silence or None,
        }
