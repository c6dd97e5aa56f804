"""All shipped rule sets on the same worlds.

`python -m docs.build.system_panel` writes `docs/systems/panel.md`.

The twelve numbers of the default fairness panel, each with its interval. It takes some minutes, since
the audited numbers let each world live some thirty times for each policy.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

from docs.build.system_pages import HOME, as_drawn, names, table
from evenhand import scenarios, sim
from evenhand.analysis import counterfactual
from evenhand.analysis.fairness import panel
from evenhand.analysis.metrics.estimate import Estimate
from evenhand.analysis.runs.atomic import whole
from evenhand.cli.progress import progress
from evenhand.sim.scenario.vocabulary import ENDINGS

SCENARIO, SEED, REPLICATIONS, DAYS = "tmall_unresponsive", 1, 10, 90
AUDITED_WORLDS = 4
"""Worlds for the numbers that are audited."""
MADE = "<!-- Made by `python -m docs.build.system_panel`: run it again after a change of results. -->"


class PanelColumn(NamedTuple):
    """A number of the panel in a table."""

    title: str
    measure: str
    name: str
    """Of the estimate in that entry; `{first}` and `{last}` are the scenario's merchant groups."""
    percent: bool = True


TABLES: dict[str, tuple[PanelColumn, ...]] = {
    "Errors and their spread": (
        PanelColumn("Valid claims refused", "wrongful_denial", "fnr"),
        PanelColumn("Groundless claims granted", "wrongful_grant", "fpr"),
        PanelColumn(
            "Valid claims granted: {last} less {first} merchants",
            "equalized_odds",
            "tpr_gap_{last}_minus_{first}",
        ),
        PanelColumn("Spread of refusals between merchant groups", "spread", "fnr_spread", percent=False),
    ),
    "The same case again": (
        PanelColumn(
            "Rulings changed if {last} were {first}", "flip_rate", "rulings_changed_{last}_as_{first}"
        ),
        PanelColumn(
            "Buyer wins if {last} were {first}: change", "flip_effect", "buyer_wins_{last}_as_{first}"
        ),
        PanelColumn("Two deciders disagree", "noise", "disagreement"),
        PanelColumn("Evidence: merchant's leverage to buyer's", "leverage", "leverage_ratio", percent=False),
        PanelColumn(
            "Part of the gap in refusals, {last} less {first}, that feedback makes",
            "feedback_share",
            "wrongful_denial_rate: merchant: {last} - {first}",
        ),
    ),
    "What people meet": (
        PanelColumn("Hours until nine in ten filings are closed", "timeliness", "p90_hours", percent=False),
        PanelColumn("Wrong decisions by silence, of all decisions", "defaults", "wrongful_default"),
        PanelColumn(
            "Part of buyers' wrongful loss that lies between groups", "loss_theil", "loss_between_share_buyer"
        ),
        PanelColumn(
            "Valid grievances left without remedy: {bold} less {shy} buyers",
            "effective_denial_gap",
            "efn_gap_{bold}_minus_{shy}",
        ),
    ),
}
HOW = (
    "Every shipped rule set decides the disputes of the same {replications} worlds of scenario `{scenario}` "
    "({days} days each, seed {seed}); the numbers that need worlds to live again under changes (the middle "
    "table) come from the first {audited} of them. In brackets: 95 % intervals, Student's t over worlds; "
    "they cover the luck between worlds and nothing else. n: cases counted. A dash: nothing to count. The "
    "scenario's people are Tmall's, so this says what a rule set would do *there*, not what its own platform "
    "sees; what each file can and cannot say of its system is on its page. Overlays are laid over `tmall`."
)


def study(policy: sim.Policy) -> tuple[sim.Run, dict[str, dict[str, Estimate]]]:
    """Run a policy and audit it; give the run and the panel's estimates."""
    scenario = scenarios.load(SCENARIO)
    run = sim.simulate(
        scenario, policy, seed=SEED, replications=REPLICATIONS, days=DAYS, engine="numba", events=False
    )
    audits = counterfactual.for_panel(
        scenario, policy, seed=SEED, replications=AUDITED_WORLDS, days=DAYS, engine="numba"
    )
    found = {key: dict(entry.estimates) for key, entry in panel(run, audits=audits).items()}
    return run, found


def written(one: Estimate | None, percent: bool) -> str:
    """Value, interval and n in one cell."""
    if one is None or one.n == 0 or one.value != one.value:
        return "-"
    scale, form = (100.0, "{:.1f}") if percent else (1.0, "{:.3g}")
    value, low, high = (form.format(scale * x) for x in (one.value, *(one.ci or (one.value, one.value))))
    return f"{value} ({low} to {high}), n {one.n:,}"


def endings(run: sim.Run) -> list[str]:
    """Shares of the endings, per cent."""
    ended = run.disputes["ending"]
    return [f"{100 * float((ended == number).mean()):.1f}" for number in range(len(ENDINGS))]


def page() -> str:
    """The page, as Markdown."""
    chosen = ["tmall", *(name for name in names() if name != "tmall")]
    runs, found = {}, {}
    with progress(len(chosen)) as tell:
        for done, name in enumerate(chosen):
            tell(name, done)
            runs[name], found[name] = study(as_drawn(scenarios.read(name, "policy")))
    scenario = scenarios.load(SCENARIO)
    merchants, buyers = scenario.merchant_groups, scenario.buyer_groups
    words = {"first": merchants[0], "last": merchants[-1], "shy": buyers[0], "bold": buyers[-1]}
    parts = [
        MADE,
        "# All rule sets on the same disputes",
        HOW.format(
            replications=REPLICATIONS, scenario=SCENARIO, days=DAYS, seed=SEED, audited=AUDITED_WORLDS
        ),
    ]
    for title, columns in TABLES.items():
        unit = "Shares in %, differences in points, unless the heading says otherwise."
        parts += [
            f"## {title}",
            unit,
            table(
                ["Rule set", *(c.title.format(**words) for c in columns)],
                [
                    [
                        f"[{name}]({name}.md)",
                        *(
                            written(found[name][c.measure].get(c.name.format(**words)), c.percent)
                            for c in columns
                        ),
                    ]
                    for name in chosen
                ],
            ),
        ]
    parts += [
        "## How disputes end, %",
        table(
            ["Rule set", "disputes", *ENDINGS],
            [[f"[{name}]({name}.md)", f"{len(runs[name]):,}", *endings(runs[name])] for name in chosen],
        ),
    ]
    return "\n\n".join(parts) + "\n"


def main() -> int:
    """Write the page."""
    with whole(Path(sys.argv[1]) if len(sys.argv) > 1 else HOME / "panel.md") as path:
        path.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
