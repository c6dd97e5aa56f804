"""Carrying `evenhand calibrate` out: read the log, fit, search, judge, and write two files."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from evenhand import jobs, scenarios, sim
from evenhand.analysis.calibration import (
    BadLog,
    Calibration,
    Judged,
    Log,
    Mapping,
    NoSearch,
    read_log,
)
from evenhand.analysis.calibration.eventlog import read_any
from evenhand.analysis.calibration.guess import guess, to_yaml
from evenhand.analysis.metrics.written import finite
from evenhand.cli.calibrate_mapping import mapping_of, read_mapping
from evenhand.cli.console import console, print_json, table
from evenhand.cli.errors import plain
from evenhand.cli.progress import printed
from evenhand.errors import UsageError, refused
from evenhand.locale.current import gettext
from evenhand.sim.runs.experiment import EngineName, choose_engine
from evenhand.sim.runs.seeds import MOST_SEED
from evenhand.sim.scenario.units import MOST_DAYS
from evenhand.storage.output_path import check_appended, check_file, files_of
from evenhand.storage.plan import at_least

AFTER = 4
"""Stages of the progress that come after the first: searching, putting settings back, judging, drawing."""


class Order(NamedTuple):
    """What was asked for."""

    log: Path
    mapping: Path | None
    out: Path | None
    policy: str
    base: str
    first: str | None
    last: str | None
    hold_out: str | None
    trials: int
    resume: Path | None
    check: str | None
    accept_guesses: bool
    replications: int
    seed: int
    engine: EngineName
    force: bool


@contextmanager
def _plainly() -> Iterator[None]:
    """Mistakes in a log, and a library that is not there, as lines for a person."""
    try:
        yield
    except (BadLog, NoSearch) as error:
        raise UsageError(str(error)) from error


def print_guess(path: Path) -> None:
    """Print a mapping guessed from the log."""
    with _plainly():
        found = read_any(path)
    print(to_yaml(guess(found), path.name), end="")


def carry_out(order: Order, *, as_json: bool) -> None:
    """Calibrate, or check. Raises BadFile, UsageError, OSError."""
    _look(order)
    mapping = _mapping(order)
    policy = scenarios.policy(order.policy)
    with _plainly():
        whole = read_log(order.log, mapping).between(
            _date("--from", order.first), _date("--until", order.last)
        )
    for said in (*whole.troubles, *whole.notes):
        print(f"evenhand: {said}", file=sys.stderr)
    engine = _engine(order, whole)
    if order.check:
        _check(order, whole, mapping, policy, engine, as_json=as_json)
    else:
        _calibrate(order, whole, mapping, policy, engine, as_json=as_json)


def _look(order: Order) -> None:
    """Refuse what cannot be done before any work."""
    for name, value, least in (("--trials", order.trials, 0), ("--replications", order.replications, 1)):
        if value < least:
            raise UsageError(
                gettext("{name}: must be {least} or more, found {value}").format(
                    name=name, least=least, value=value
                )
            )
    at_least("--seed", order.seed, 0, MOST_SEED)
    if order.resume and (order.check or not order.trials):
        raise UsageError(
            gettext("--resume: keeps the trials of a search; with --check or --trials 0 there is none")
        )
    if order.out is None and not order.check:
        raise UsageError(
            gettext("--out: must be given: the scenario file to write, such as --out market.yaml")
        )
    if order.out and order.out.suffix not in {".yaml", ".yml"} and not order.check:
        raise UsageError(gettext("--out: must end in .yaml, found '{name}'").format(name=order.out.name))
    _look_at_places(order)


def _look_at_places(order: Order) -> None:
    """Refuse to write over what is read, or over what is there, before any work."""
    read = [scenarios.read(order.policy, "policy")]
    read += [scenarios.read(name, "scenario") for name in (order.check or order.base,)]
    inputs = [order.log, *([order.mapping] if order.mapping else []), *files_of(*read)]
    page = _page(order.out)
    if order.resume is not None:
        check_appended(order.resume, inputs=inputs, option="--resume")
        if order.resume.resolve() in {place.resolve() for place in (order.out, page) if place}:
            raise UsageError(
                gettext("--resume: must be another file than --out, found '{resume}'").format(
                    resume=order.resume
                )
            )
        inputs.append(order.resume)
    check_file(page if order.check else order.out, force=order.force, inputs=inputs)
    if not order.check:
        check_file(page, force=order.force, inputs=inputs)


def _page(out: Path | None) -> Path | None:
    return out.with_suffix(".html") if out else None


def _date(name: str, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(
            gettext("{name}: must be a date such as 2015-11-01, found '{text}'").format(name=name, text=text)
        ) from None


def _mapping(order: Order) -> Mapping:
    if order.mapping is not None:
        return read_mapping(order.mapping)
    if not order.accept_guesses:
        raise UsageError(
            gettext(
                "--map: must say which column is what: evenhand calibrate {log} --guess > map.yaml, edit "
                "it, and give it with --map map.yaml (or --accept-guesses to use the guesses as they are)"
            ).format(log=order.log)
        )
    with _plainly():
        text = to_yaml(guess(read_any(order.log)), order.log.name)
    print(text, file=sys.stderr)
    return mapping_of(text, "guesses")


def _engine(order: Order, log: Log) -> EngineName:
    """Compiled for a search: it simulates hundreds of times; else as for any other run."""
    if order.engine != "auto":
        return order.engine
    if order.trials and not order.check:
        return "numba"
    scenario = scenarios.load(order.check or order.base)
    return choose_engine(scenario, log.days, 2 * order.replications)


def _check(
    order: Order, log: Log, mapping: Mapping, policy: sim.Policy, engine: EngineName, *, as_json: bool
) -> None:
    experiment = _experiment(order, scenarios.load(order.check or ""), policy, engine)
    with _plainly(), refused():
        found = jobs.check_fit(experiment, log, mapping, _page(order.out), title=order.log.name)
    _tell(found.judged, as_json=as_json, files=found.files)


def _experiment(
    order: Order, scenario: sim.Scenario, policy: sim.Policy, engine: EngineName
) -> sim.Experiment:
    """What is simulated, except for the days, which the log has. Raises DoesNotFit."""
    problems = sim.misfits(scenario, policy, MOST_DAYS)
    if problems:
        raise sim.DoesNotFit(problems)
    return sim.Experiment.of(
        scenario,
        policy,
        seed=order.seed,
        replications=order.replications,
        days=MOST_DAYS,
        engine=engine,
        events=False,
    )


def _calibrate(
    order: Order, log: Log, mapping: Mapping, policy: sim.Policy, engine: EngineName, *, as_json: bool
) -> None:
    experiment = _experiment(order, scenarios.load(order.base), policy, engine)
    cut = _date("--hold-out", order.hold_out)
    assert order.out is not None
    with printed(after=AFTER) as show, _plainly(), _about(order.log):
        found = jobs.calibrate(
            experiment,
            log,
            mapping,
            order.out,
            base=order.base,
            trials=order.trials,
            journal=order.resume,
            hold_out=cut,
            title=order.log.name,
            on_event=show,
        )
    made = found.calibration
    if made is not None and made.found and made.found.stopped:
        print(
            gettext("evenhand: interrupted after {trials} trials; this is the best so far").format(
                trials=len(made.found.trials)
            ),
            file=sys.stderr,
        )
    _tell(found.judged, as_json=as_json, files=found.files, made=made)


@contextmanager
def _about(log: Path) -> Iterator[None]:
    """What a log lacks is a mistake of the user's. Raises UsageError."""
    try:
        yield
    except sim.DoesNotFit:
        raise
    except ValueError as error:
        raise UsageError(f"{log}: {error}") from error


def _tell(
    judged: tuple[Judged, ...], *, as_json: bool, files: list[Path], made: Calibration | None = None
) -> None:
    """Print the distances, what the log does not say, and where the files are."""
    if as_json:
        print_json(_document(judged, made))
        return
    screen = console()
    for one in judged:
        screen.print(
            plain(
                gettext("Distance from {title} ({start} to {last}, {log:,} disputes)").format(
                    title=one.title, start=one.log.start, last=one.log.last, log=len(one.log)
                )
            ),
            style="bold",
        )
        heads = (
            "Respect",
            *(rival.title for rival in one.rivals),
            gettext("Two halves"),
            gettext("95 % of halves"),
            "n",
        )
        rows = [
            (
                f"{gettext(m.title)} ({m.kind})",
                *(_number(r.found[m.name]) for r in one.rivals),
                _number(one.floor[m.name].mean),
                _number(one.floor[m.name].high),
                f"{m.counted(one.log):,}",
            )
            for m in one.measures
        ]
        rows.append(
            ("Mean", *(_number(r.score(one.measures)) for r in one.rivals), _number(one.floor_score), "", "")
        )
        screen.print(table(heads, rows, right=tuple(range(1, len(heads)))))
        screen.print()
    if made and made.silences:
        screen.print(gettext("What the log does not say:"))
        for silence in made.silences:
            screen.print(plain(f"  {silence.what}: {silence.why}"))
        screen.print()
    for path in files:
        screen.print(plain(gettext("Written: {path}").format(path=path)))


def _number(value: float) -> str:
    return f"{value:.3f}" if value == value else "-"  # noqa: PLR0124  # NaN


def _document(judged: tuple[Judged, ...], made: Calibration | None) -> dict[str, Any]:
    found: dict[str, Any] = {
        "logs": [
            {
                "log": one.title,
                "first": str(one.log.start),
                "last": str(one.log.last),
                "disputes": len(one.log),
                "score": {r.title: finite(r.score(one.measures)) for r in one.rivals},
                "floor": finite(one.floor_score),
                "distances": {
                    m.name: {
                        "kind": m.kind,
                        "n": m.counted(one.log),
                        "floor": finite(one.floor[m.name].mean),
                        "floor_95": finite(one.floor[m.name].high),
                        **{r.title: finite(r.found[m.name]) for r in one.rivals},
                    }
                    for m in one.measures
                },
            }
            for one in judged
        ]
    }
    if made:
        found["not_identified"] = [silence._asdict() for silence in made.silences]
    return found
