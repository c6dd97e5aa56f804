"""A robustness study on the screen: the sentences, the beliefs that matter, and regret."""

from __future__ import annotations

from evenhand.analysis.compare.words import figures, with_word
from evenhand.analysis.metrics.written import NOTHING
from evenhand.analysis.robust import Answer, Robust
from evenhand.analysis.robust.words import said
from evenhand.cli.console import console, table
from evenhand.cli.errors import plain
from evenhand.locale.current import gettext, gettext_noop
from evenhand.scenarios.beliefs import Beliefs
from evenhand.sim.scenario.scenario import Scenario

MOST = 8
"""Beliefs that are listed on the screen; the page has all that were moved alone."""

BELIEF_HEADS = (
    gettext_noop("One belief alone"),
    gettext_noop("Low end"),
    gettext_noop("Difference"),
    gettext_noop("As it is"),
    gettext_noop("High end"),
    gettext_noop("Difference"),
    gettext_noop("Break-even"),
    "",
)
REGRET_HEADS = (
    gettext_noop("Regret"),
    gettext_noop("Metric"),
    gettext_noop("Mean"),
    gettext_noop("9 of 10 below"),
    gettext_noop("Worst"),
    gettext_noop("Future"),
    gettext_noop("Limits hold in"),
)


def print_robust(found: Robust, scenario: Scenario, beliefs: Beliefs) -> None:
    """Print what the futures say."""
    screen = console()
    names = ", ".join(found.question.policies)
    screen.print(plain(f"{names}: {gettext(scenario.title)} [{scenario.name}]"), style="bold")
    said_first = gettext(
        "{futures} futures x {worlds} worlds, seed {seed}; {beliefs} beliefs move {moved} of {assumed} "
        "assumed numbers"
    ).format(
        futures=len(found.plan.futures),
        worlds=found.plan.worlds,
        seed=found.seed,
        beliefs=len(beliefs),
        moved=beliefs.moved,
        assumed=beliefs.assumed,
    )
    screen.print(plain(said_first))
    for answer, sentence in zip(found.answers.values(), found.sentences, strict=True):
        screen.print()
        screen.print(plain(sentence))
        _print_beliefs(found, answer)
    _print_regret(found)
    screen.print(
        gettext(
            "\nShares of futures called plausible, with 95 % intervals; luck is taken out. All policies meet "
            "the same worlds in a future."
        )
    )


def _print_beliefs(found: Robust, answer: Answer) -> None:
    unit = answer.question.units[answer.question.place(answer.metric)]
    sign = answer.question.sign(answer.metric)
    rows = []
    for curve in answer.curves[:MOST]:
        belief = found.beliefs[curve.belief]
        ends = {one.z: sign * one.difference for one in curve.points}
        low, now, high = (figures([ends[z]], unit, 0.0)[0] for z in (-1.0, 0.0, 1.0))
        even = NOTHING if curve.break_even is None else belief.written(curve.break_even)
        above = (
            "" if answer.effects.size[curve.belief] > answer.effects.floor else gettext("no more than luck")
        )
        rows.append(
            (gettext(belief.title), belief.written(-1.0), low, now, belief.written(1.0), high, even, above)
        )
    heads = BELIEF_HEADS
    screen = console()
    screen.print(table(heads, rows, right=(1, 2, 3, 4, 5, 6)))
    luck = gettext("Luck: {share} % of the variance over futures.")
    screen.print(luck.format(share=f"{100 * answer.luck.share:.0f}"))


def _print_regret(found: Robust) -> None:
    rows = []
    question, held = found.question, found.satisficing
    for metric in question.shown:
        unit = question.units[question.place(metric)]
        for place, regret in enumerate(found.regrets(metric)):
            numbers = [regret.mean, regret.high, regret.worst]
            told = figures(numbers, unit, 0.0, signed=False)
            told[2] = with_word(told[2], unit)
            limits = said(held[place]) if held else NOTHING
            rows.append((question.policies[place], metric, *told, str(regret.future), limits))
    if not rows:
        return
    heads = REGRET_HEADS
    screen = console()
    screen.print()
    screen.print(table(heads, rows, right=(2, 3, 4, 5)))
    agree = found.agree(question.shown[0])
    if agree is not None:
        screen.print(
            gettext("Regret and limits name the same policy.")
            if agree
            else gettext("Regret and limits name different policies: what is asked for decides.")
        )
