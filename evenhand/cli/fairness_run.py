"""Carrying out `evenhand fairness`: the run that is there or is made, the panel or the measures asked for."""

from __future__ import annotations

from collections.abc import Sequence
from inspect import signature
from pathlib import Path
from typing import Any, NamedTuple

from evenhand import jobs, scenarios, sim
from evenhand.analysis.fairness import Entry, Measure
from evenhand.analysis.fairness.catalogue import find
from evenhand.analysis.fairness.study import COLUMNS, Study
from evenhand.analysis.runs.folder import MANIFEST
from evenhand.cli.console import print_json
from evenhand.cli.fairness_table import document, listed, print_entries, print_list
from evenhand.cli.progress import printed
from evenhand.errors import UsageError, refused
from evenhand.jobs.event import Watch
from evenhand.jobs.fairness_panel import panel_of
from evenhand.locale.current import gettext
from evenhand.sim.runs.experiment import EngineName
from evenhand.storage.plan import Order, check
from evenhand.storage.run_dir import open_run

USUAL_SCENARIO, USUAL_REPLICATIONS, USUAL_SEED = "tmall", 10, 1


class Question(NamedTuple):
    """What is to be measured."""

    measures: Sequence[str]
    by: Sequence[str]
    reference: Sequence[str]
    options: Sequence[str]
    audits: bool


class Worlds(NamedTuple):
    """Where a policy is run; None = not said."""

    scenario: str | None
    replications: int | None
    days: int | None
    seed: int | None
    engine: EngineName | None


def carry_out(of: str | None, question: Question, worlds: Worlds, *, verify: bool, as_json: bool) -> None:
    """Measure and print. Raises BadFile, UsageError, OSError."""
    if of is None:
        raise UsageError(
            gettext("fairness: needs the folder of a run, or a policy; --list lists the measures")
        )
    options = _options(question)
    run = _run(of, worlds, question, verify=verify)
    with refused():
        entries = (
            _named(run, question, options) if question.measures else _panel(run, question, worlds.engine)
        )
    if as_json:
        print_json(document(run, entries))
    else:
        print_entries(run, entries)


def print_measures(*, as_json: bool) -> None:
    """Print every measure and what it takes."""
    if as_json:
        print_json(listed())
    else:
        print_list()


def _run(of: str, worlds: Worlds, question: Question, *, verify: bool) -> sim.Run:
    """The run of a folder, or of a policy, which then leaves no folder."""
    folder = Path(of)
    if (folder / MANIFEST).is_file() or (folder.is_dir() and of not in _shipped()):
        for option, value in worlds._asdict().items():
            if value is not None and not (option == "engine" and question.audits):
                raise UsageError(
                    gettext("--{option}: has no meaning for '{of}', which is a run already").format(
                        option=option, of=of
                    )
                )
        return open_run(folder, verify=verify)
    if not verify:
        raise UsageError(gettext("--no-verify: has no meaning for '{of}', which is no run").format(of=of))
    plan = check(
        Order(
            of,
            worlds.scenario or USUAL_SCENARIO,
            USUAL_REPLICATIONS if worlds.replications is None else worlds.replications,
            worlds.days,
            USUAL_SEED if worlds.seed is None else worlds.seed,
            worlds.engine or "auto",
            open_loop=False,
        )
    )
    with printed() as show:
        return jobs.simulate(plan.experiment(), on_event=show)


def _shipped() -> set[str]:
    return {entry.name for entry in scenarios.available() if entry.kind == "policy"}


def _options(question: Question) -> dict[str, str]:
    """Look at what was asked, before anything runs; give the options. Raises UsageError."""
    for name in question.measures:
        try:
            find(name)
        except ValueError as error:
            raise UsageError(f"--measure: {error}") from error
    for column in question.by:
        if column not in COLUMNS:
            raise UsageError(
                gettext("--by: must be one of {columns}, found '{column}'").format(
                    columns=", ".join(COLUMNS), column=column
                )
            )
    _refuse_beside(question)
    found = dict(one.partition("=")[::2] for one in question.options)
    for name, value in found.items():
        if not value or name in {"by", "reference"}:
            raise UsageError(
                gettext("--option: write NAME=VALUE, e.g. side=merchant; found '{name}'").format(name=name)
            )
    return found


def _refuse_beside(question: Question) -> None:
    """What has no meaning for the panel, or beside --measure, is refused, not ignored."""
    if question.measures and question.audits:
        raise UsageError(gettext("--audits: belongs to the panel; leave --measure out"))
    for option, given in (("--by", question.by), ("--option", question.options)):
        if given and not question.measures:
            raise UsageError(
                gettext("{option}: needs --measure; the panel has its own").format(option=option)
            )


def _panel(run: sim.Run, question: Question, engine: EngineName | None) -> list[Entry]:
    reference = _references(run, question.reference)
    with printed() as show:
        return panel_of(run, reference, audits=question.audits, engine=engine or "auto", watch=Watch(show))


def _references(run: sim.Run, groups: Sequence[str]) -> dict[str, str]:
    """The column of each group that others are compared with. Raises UsageError."""
    columns = {name: run.labels(name) for name in ("buyer_group", "merchant_group")}
    found: dict[str, str] = {}
    for group in groups:
        of = [name for name, labels in columns.items() if group in labels and name not in found]
        if not of:
            known = ", ".join(label for labels in columns.values() for label in labels)
            raise UsageError(
                gettext("--reference: must be one group a side of {known}, found '{group}'").format(
                    known=known, group=group
                )
            )
        found[of[0]] = group
    return found


def _named(run: sim.Run, question: Question, options: dict[str, str]) -> list[Entry]:
    """Each measure, for each column if it is grouped."""
    study, entries = Study(run), []
    columns: list[str | None] = list(question.by) or [None]
    for name in dict.fromkeys(question.measures):
        one = find(name)
        given: dict[str, Any] = {key: _typed(one, key, text) for key, text in options.items()}
        for by in columns:
            asked = dict(given) if by is None else {**given, "by": by}
            if question.reference:
                asked["reference"] = _reference(study, question.reference, by)
            found = one(study, **asked)
            title = (
                one.title
                if by is None
                else gettext("{title}, by {replace}").format(title=one.title, replace=by.replace("_", " "))
            )
            entries.append(Entry(one.id, title, name, found))
    return entries


def _reference(study: Study, groups: Sequence[str], by: str | None) -> str:
    """The reference that is a group of the column; without one, there must be only one."""
    fitting = [group for group in groups if by is None or group in study.groups(by).labels]
    if len(fitting) != 1:
        of = gettext("one of the groups of {by}").format(by=by) if by else gettext("one, without --by")
        raise UsageError(
            gettext("--reference: must be {of}, found {groups}").format(of=of, groups=", ".join(groups))
        )
    return fitting[0]


def _typed(one: Measure, option: str, text: str) -> Any:
    """The value of an option as the measure wants it; unknown options are left to the measure."""
    known = signature(one.function).parameters
    kinds = {"int": int, "float": float}
    kind = kinds.get(known[option].annotation, str) if option in known else str
    try:
        return kind(text)
    except ValueError:
        raise UsageError(
            gettext("--option: {option} must be a number, found '{text}'").format(option=option, text=text)
        ) from None
