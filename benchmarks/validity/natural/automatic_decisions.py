"""N9: mass automatic decisions with an appeal (YouTube Content ID, DSA bodies)."""

from __future__ import annotations

from typing import Any

from benchmarks.validity.natural.declaration import Measured, NaturalExperiment, Quantity, RuleSet, Source
from benchmarks.validity.natural.pairs import (
    START_UP,
    ended,
    filed,
    left_the_line,
    made_up,
    paired,
    part_of,
)
from evenhand.sim.runs.records import Columns

COUNTED, FOLLOWED = 180, 60
LAST = START_UP + COUNTED
MODEL = {"shared_error": 0.35, "own_error": 0.45}
"""Errors as large as those of an arbiter of the scenario: its level, and its occasions."""
GATE = 1
"""Strikes that shut the form."""


def measure(experiment: NaturalExperiment, worlds: int) -> Measured:
    """How many contest a machine's ruling and a person's, with what success, and abuse behind a gate."""
    found = Measured()
    for parts in paired(experiment.sets, worlds, LAST + FOLLOWED):
        machine, people, gated = (parts[name].disputes for name in ("automatic", "manual", "gated"))
        (contest, success, n), (other, _, m) = _contested(machine), _contested(people)
        found.add("automatic decisions contested", contest, n)
        found.add("contests that succeed", success, n * contest if n else 0)
        found.add(
            "contested by hand against by machine, times", other / contest if contest else float("nan"), m
        )
        found.add("manual decisions contested", other, m)
        free, shut = (part_of(made_up(d), filed(d, START_UP, LAST)) for d in (people, gated))
        found.add(
            "abuse of an open form against a gated one, times", free / shut if shut else float("nan"), m
        )
        found.add("made-up filings, open form", free, m)
        line = part_of(left_the_line(people), filed(people, START_UP, LAST))
        found.add("filings that leave the line, manual", line, m)
    return found


def _contested(disputes: Columns) -> tuple[float, float, int]:
    """Share of first rulings that are reviewed, of those whether the winner changed, and the rulings."""
    ruled = filed(disputes, START_UP, LAST) & ended(disputes) & (disputes["ruled_at"] >= 0)
    asked = disputes["reviews"] > 0
    turned = disputes["upheld"] != disputes["first_upheld"]
    return part_of(asked, ruled), part_of(turned, ruled & asked), int(ruled.sum())


_REVIEW = {"limit": 1, "new_evidence": False, "decider": "desk"}
_BY_HAND: dict[str, Any] = {"decision": {"checks": {"hours": 0.0}}, "review": _REVIEW}
EXPERIMENT = NaturalExperiment(
    key="N9",
    title="mass automatic decisions with an appeal",
    sources=(
        Source("L8", "YouTube, copyright transparency reports, H1 2021 and Jul–Dec 2023", "first-party"),
        Source("A6", "Appeals Centre Europe, by techpolicy.press, 8 October 2025", "first-party"),
        Source("C7", "YouTube, copyright transparency report, Jul–Dec 2023", "first-party"),
    ),
    published=(
        "Of 722.6 million automatic claims in half a year 0.51 % were disputed and 60 % of these won; manual "
        "claims are disputed about twice as often; an open form sees ten times the abuse of gated tools."
    ),
    standing="foretold",
    set_by="",
    sets={
        "automatic": RuleSet(
            rules={
                "decision": {"decider": "model", "model": {"sure_from": 0.5}, "checks": {"hours": 0.0}},
                "review": _REVIEW,
            },
            world={"model": MODEL},
        ),
        "manual": RuleSet(rules=_BY_HAND, world={"model": MODEL}),
        "gated": RuleSet(
            rules={**_BY_HAND, "screening": {"abuse_limit": GATE}},
            world={"model": MODEL},
        ),
    },
    counted=(
        "The policy tmall with a model that decides every case, and with people who do; reviews by people, "
        f"without new evidence, for either side. Cases filed in {COUNTED} days after a start-up of "
        f"{START_UP}, followed for {FOLLOWED} more. The gate shuts out buyers with a strike."
    ),
    assumed=(
        "the model errs as much as an arbiter of the scenario",
        "a gate by record stands for tools that only vetted parties may use",
    ),
    lacking=(
        "claims made by a machine, against people who did nothing: here a person complains of an order",
    ),
    quantities=(
        Quantity("automatic decisions contested", "0.51 %", "share", (0.002, 0.01)),
        Quantity("contests that succeed", "60 %", "share", (0.5, 0.7)),
        Quantity("contested by hand against by machine, times", "about 2", "ratio", (1.5, 3.0)),
        Quantity("abuse of an open form against a gated one, times", "10", "ratio", (5.0, 15.0)),
        Quantity("manual decisions contested", "0.9 %", "share"),
        Quantity("made-up filings, open form", "6 %", "share"),
        Quantity("filings that leave the line, manual", "", "share"),
    ),
    measure=measure,
    reason=(
        "Here a complaint is about money that somebody has paid, a review is free, and one in twelve "
        "losers asks for one; the published claims are mostly small and cost the other side nothing to "
        "leave. Reviewers hold to the ruling (deference) and err themselves, so a third succeeds. A "
        "machine that errs like a person is contested like a person. The gate goes by record, and most "
        "who make something up have none (a guess): tools for vetted parties are another gate, which "
        "the model does not have."
    ),
)
