"""What the files of a study say beside their numbers, as its pages and tables tell it."""

from __future__ import annotations

from collections.abc import Iterable

from evenhand.analysis.runs.background import Assumed, Background, Change
from evenhand.jobs.robust_sentences import futures_of
from evenhand.locale.catalogue import ENGLISH
from evenhand.locale.current import language
from evenhand.scenarios.catalogue import NotFoundError
from evenhand.scenarios.changes import against_base, differences
from evenhand.scenarios.problems import BadFile
from evenhand.scenarios.reader import Loaded
from evenhand.scenarios.show import assumed
from evenhand.sim.policy.policy import Policy


def background_of(scenario: Loaded, policy: Loaded, file: str) -> Background:
    """What is told of a run: `file` is the name or the path that the policy was read by."""
    try:
        with language(ENGLISH):  # as records keep it; pages translate
            found = against_base(file, "policy")
    except (BadFile, NotFoundError):  # it has changed since it was read
        found = None
    told = assumed_of([scenario, policy])
    futures = futures_of([scenario], [policy])
    if found is None:
        return Background(assumed=told, futures=futures)
    return Background(found.base, tuple(Change(*one) for one in found.changes), told, futures)


def assumed_of(files: Iterable[Loaded]) -> tuple[Assumed, ...]:
    """How many settings of each file have no source."""
    return tuple(Assumed(one.kind, one.name, *assumed(one)) for one in files)


def changes_of(baseline: Policy, policy: Policy) -> tuple[Change, ...]:
    """What a policy changes against another, in words."""
    with language(ENGLISH):
        return tuple(Change(*one) for one in differences(baseline, policy))
