"""Running again what an archive holds, and comparing every number to the bit."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import numpy as np

from evenhand import analysis, sim
from evenhand.analysis.compare.worlds import chosen_metrics
from evenhand.analysis.experiments.study import Measured, Task, measure
from evenhand.analysis.metrics.metric import Metric, metrics_in
from evenhand.analysis.metrics.registry import METRICS
from evenhand.analysis.runs.database import connect
from evenhand.analysis.runs.folder import MANIFEST, TABLES
from evenhand.analysis.runs.scratch import scratch
from evenhand.errors import UsageError
from evenhand.jobs.comparison import GROUPS, compare
from evenhand.jobs.event import Cancelled, OnEvent, Watch
from evenhand.jobs.simulation import run as run_again
from evenhand.locale.current import gettext, gettext_noop
from evenhand.own_code import Code, code_of, from_text
from evenhand.parallel.pool import Asked
from evenhand.scenarios.numbers import builder
from evenhand.sim.runs.experiment import Decide, Experiment
from evenhand.storage.bundle import SWEEP, Bundle, models_hold, moved, opened
from evenhand.storage.run_dir import open_stored
from evenhand.storage.saved import DIFFERENCES, VALUES
from evenhand.storage.sweep_file import SweepFile

MOST = 8
"""Differences that are told."""
KEY = ("metric", "scenario", "policy", "replication", "group")


class Checked(NamedTuple):
    """What became of an archive when it was run again."""

    kind: str
    numbers: int
    """Numbers that were compared."""
    apart: list[str]
    """Where they differ, one clause each; the first few."""
    versions: list[str]
    """What is another version here, one clause each."""
    unchecked: list[str]
    """What could not be run again, and why."""

    @property
    def same(self) -> bool:
        """Whether every number that was compared is the same to the bit."""
        return not self.apart


KINDS = {
    "run": gettext_noop("run"),
    "comparison": gettext_noop("comparison"),
    "sweep": gettext_noop("sweep"),
}
"""What an archive can be checked of, in words."""


def said_of(found: Checked) -> list[str]:
    """What was found, a line each, in the language in force; the verdict comes last."""
    kind = gettext(KINDS[found.kind])
    said = [gettext("Version: {one}").format(one=one) for one in found.versions]
    said += [gettext("Not run again: {one}").format(one=one) for one in found.unchecked]
    said += [gettext("Differs: {one}").format(one=one) for one in found.apart]
    if not found.numbers:
        form = gettext("Nothing was run again; the files are as they were packed.")
    elif found.same:
        form = gettext("The same to the bit: {numbers:,} numbers of this {kind}, run again here.")
    else:
        form = gettext("Not the same: {numbers:,} numbers of this {kind} were compared.")
    return [*said, form.format(numbers=found.numbers, kind=kind)]


def rerun(
    archive: Path,
    *,
    run_code: bool = False,
    workers: int | None = None,
    on_event: OnEvent | None = None,
    cancelled: Cancelled | None = None,
) -> Checked:
    """Run again what an archive holds and compare every number. Raises Stopped, UsageError, OSError.

    `run_code` allows the Python files in it, decision rules and metrics, to run: they are anybody's.
    """
    watch = Watch(on_event, cancelled)
    with opened(archive) as bundle:
        try:
            if bundle.kind == "run":
                return _run(bundle, workers, on_event, cancelled)
            if bundle.kind == "comparison":
                return _comparison(bundle, workers, on_event, cancelled, run_code=run_code)
            if bundle.kind == "sweep":
                return _sweep(bundle, watch, run_code=run_code)
        except (KeyError, TypeError, AttributeError, duckdb.Error) as error:
            raise UsageError(
                gettext("bundle: '{archive}' is damaged: {name} {error}").format(
                    archive=archive, name=type(error).__name__, error=error
                )
            ) from error
    raise UsageError(
        gettext("bundle: '{archive}' holds a saved {kind}, whose numbers cannot be made again").format(
            archive=archive, kind=bundle.kind
        )
    )


def _run(bundle: Bundle, workers: int | None, tell: OnEvent | None, stop: Cancelled | None) -> Checked:
    there = open_stored(bundle.folder)
    if there.rule is not None:
        why = gettext("the records: {name} decided, a function of a program, which no archive holds").format(
            name=there.rule.name
        )
        return Checked("run", 0, [], moved(bundle.said), [why])
    manifest = json.loads((bundle.folder / MANIFEST).read_text(encoding="utf-8"))
    experiment = Experiment.of(
        there.scenario,
        there.policy,
        seed=there.seed,
        replications=there.replications,
        days=there.days,
        engine=there.engine,
        events=manifest["rows"]["events"] > 0,
        open_loop=there.open_loop,
        cohort=there.cohort,
    )
    with scratch() as place:
        found = run_again(experiment, place / "run", workers=workers, on_event=tell, cancelled=stop)
        apart = list(_unlike_documents(manifest["metrics"], found.metrics))
        numbers = 0
        for table in TABLES:
            if not manifest["rows"][table]:
                continue
            for name in there.table(table):
                one, other = (run.table(table, [name])[name] for run in (there, found.run))
                numbers += len(one)
                apart += unlike(f"{table}.{name}", one, other)
    return Checked("run", numbers, apart[:MOST], moved(bundle.said), [])


def _comparison(
    bundle: Bundle,
    workers: int | None,
    tell: OnEvent | None,
    stop: Cancelled | None,
    *,
    run_code: bool,
) -> Checked:
    manifest = json.loads((bundle.folder / MANIFEST).read_text(encoding="utf-8"))
    if not models_hold([*manifest["scenarios"], *manifest["policies"]]):
        raise UsageError(gettext("bundle: a scenario or policy in the archive is not as it was written"))
    code = Own(manifest, run_code=run_code)
    policies = {one["name"]: sim.Policy.model_validate(one["model"]) for one in manifest["policies"]}
    rules, without = code.rules(manifest["rules"])
    if without:
        return Checked("comparison", 0, [], moved(bundle.said), without)
    metrics, unchecked = code.metrics(manifest["metrics"], manifest["own_metrics"])
    experiments = {
        one["name"]: Experiment.of(
            sim.Scenario.model_validate(one["model"]),
            policies[manifest["baseline"]],
            seed=manifest["seed"],
            replications=one["replications"],
            days=one["days"],
            engine=one["engine"],
            events=False,
            open_loop=manifest["open_loop"],
            cohort=one["cohort"],
        )
        for one in manifest["scenarios"]
    }
    columns = read_columns(bundle.folder / VALUES)
    split = {str(group).partition(":")[0] for group in columns["group"]} - {""}
    known = [name for name in dict.fromkeys([*manifest["by"], *GROUPS]) if _is_column(name) and name in split]
    unchecked += [
        gettext("groups by {name}, a function of a program").format(name=name)
        for name in sorted(split - set(known))
    ]
    # Stopped comparisons may differ in their worlds by scenario: each is compared by itself.
    apart: list[str] = []
    numbers = 0
    for name, experiment in experiments.items():
        found = compare(
            {name: experiment},
            policies,
            baseline=manifest["baseline"],
            metrics=metrics,
            by=known,
            decide=rules or None,
            workers=Asked(workers),
            on_event=tell,
            cancelled=stop,
        ).comparison
        here = columns["scenario"] == name
        some, more = _unlike_values({key: one[here] for key, one in columns.items()}, found.values)
        numbers, apart = numbers + some, apart + more
    if len(experiments) == 1 and not unchecked and not apart:
        document = json.loads((bundle.folder / DIFFERENCES).read_text(encoding="utf-8"))
        apart += _unlike_documents(document["comparisons"], found.to_json()["comparisons"])
    return Checked("comparison", numbers, apart[:MOST], moved(bundle.said), unchecked)


def _sweep(bundle: Bundle, watch: Watch, *, run_code: bool) -> Checked:
    path = bundle.folder / SWEEP
    with connect() as database:
        said = dict(
            database.execute(
                "SELECT decode(key), decode(value) FROM parquet_kv_metadata($1)", [str(path)]
            ).fetchall()
        )
    plan = json.loads(said[SweepFile.PLAN])
    columns = read_columns(path)
    code = Own(plan, run_code=run_code)
    rules, without = code.rules({"": plan["decide"]} if plan.get("decide") else {})
    if without:
        return Checked("sweep", 0, [], moved(bundle.said), without)
    names = [name for name in columns if f"{name}_n" in columns]
    metrics, unchecked = code.metrics(names, plan.get("own_metrics") or {})
    business = tuple(name for name, one in plan["vary"].items() if one["unit"] == "business")
    build = builder(
        sim.Scenario.model_validate(plan["scenario"]), sim.Policy.model_validate(plan["policy"]), business
    )
    apart: list[str] = []
    points = np.unique(columns["point"]).astype(int)
    for done, point in enumerate(points):
        watch.check()
        rows = columns["point"] == point
        settings = {name: float(columns[name][rows][0]) for name in plan["vary"]}
        models = build({name: value for name, value in settings.items() if not np.isnan(value)})
        found = _point(models, plan, columns["world"][rows], metrics, rules.get(""), done, watch)
        for place, one in enumerate(metrics):
            there, cases = (columns[name][rows] for name in (one.name, f"{one.name}_n"))
            apart += unlike(
                gettext("{name} at point {point}").format(name=one.name, point=point),
                there,
                found.value[:, place],
            )
            apart += unlike(
                gettext("{name}_n at point {point}").format(name=one.name, point=point),
                cases,
                found.n[:, place],
            )
    numbers = 2 * len(metrics) * len(columns["point"])
    return Checked("sweep", numbers, apart[:MOST], moved(bundle.said), unchecked)


def _point(
    models: tuple[sim.Scenario, sim.Policy],
    plan: Mapping[str, Any],
    worlds: Any,
    metrics: Sequence[Metric],
    decide: Decide | None,
    number: int,
    watch: Watch,
) -> Measured:
    """The metrics of one point of a sweep, in the worlds that it was measured in."""
    experiment = Experiment.of(
        *models,
        seed=plan["seed"],
        replications=len(worlds),
        days=plan["days"],
        events=False,
        open_loop=plan["open_loop"] or None,
        decide=decide,
        cohort=plan.get("cohort"),
    )
    return measure(Task(number, experiment, int(min(worlds)), tuple(metrics)), watch.check)


class Own:
    """The Python files of an archive: run only where that is allowed, and only as they were packed."""

    def __init__(self, document: Mapping[str, Any], *, run_code: bool) -> None:
        """The files that a manifest or plan holds."""
        self._texts: Mapping[str, str] = document.get("texts") or {}
        self._run_code = run_code

    def _module(self, file: str) -> Any:
        if not self._run_code:
            raise UsageError(
                gettext(
                    "bundle: it needs {file}, which is in the archive; read it, then add --run-code"
                ).format(file=file)
            )
        return from_text(gettext("{file} of the archive").format(file=file), self._texts[file])

    def rules(self, said: Mapping[str, Mapping[str, str]]) -> tuple[dict[str, Decide], list[str]]:
        """Decision rules by policy, and those that no file holds. Raises UsageError."""
        found: dict[str, Decide] = {}
        without = []
        for policy, one in said.items():
            code = Code(**one)
            if code.file not in self._texts:
                without.append(
                    gettext(
                        "the decision rule {name}, a function of a program, which no archive holds"
                    ).format(name=code.name)
                )
                continue
            rule = vars(self._module(code.file))[code.name]
            _must_be(rule, code)
            found[policy] = rule
        return found, without

    def metrics(
        self, names: Sequence[str], own: Mapping[str, Mapping[str, str]]
    ) -> tuple[list[Metric], list[str]]:
        """Metrics by name, and those that cannot be had. Raises UsageError."""
        found: list[Metric] = []
        without = []
        for name in names:
            if name in METRICS and name not in own:
                found += chosen_metrics([name])
                continue
            code = Code(**own[name]) if name in own else Code(name, "")
            if code.file not in self._texts:
                without.append(
                    gettext("the metric {name}, a function of a program, which no archive holds").format(
                        name=name
                    )
                )
                continue
            one = metrics_in(self._module(code.file), code.file)[name]
            _must_be(one.function, code)
            found.append(one)
        return found, without


def _must_be(function: Any, code: Code) -> None:
    if code_of(function).sha256 != code.sha256:
        raise UsageError(
            gettext("bundle: {name} in {file} is not what made the numbers").format(
                name=code.name, file=code.file
            )
        )


def _is_column(name: str) -> bool:
    return name in analysis.metrics.metric.COLUMNS


def read_columns(path: Path) -> dict[str, Any]:
    """All columns of a Parquet file, NaN where there is nothing."""
    with connect() as database:
        found = database.read_parquet(str(path)).fetchnumpy()
    return {name: _filled(column) for name, column in found.items()}


def _filled(column: Any) -> Any:
    if column.dtype.kind in "OU":
        return np.asarray(np.ma.filled(column, ""), dtype=object)
    return np.ma.filled(column.astype(np.float64), np.nan)


def unlike(name: str, there: Any, here: Any) -> Iterator[str]:
    """One clause where two columns differ in any bit but that NaN is NaN."""
    if len(there) != len(here):
        yield gettext("{name} has {there:,} rows there and {here:,} here").format(
            name=name, there=len(there), here=len(here)
        )
        return
    same = there == here
    if there.dtype.kind == "f" and here.dtype.kind == "f":
        same = same | (np.isnan(there) & np.isnan(here))
    rows = np.flatnonzero(~same)
    if len(rows):
        first = rows[0]
        count = gettext("{rows:,} of {there:,} rows").format(rows=len(rows), there=len(there))
        first_of = gettext("{there!r} there and {here!r} here in row {first}").format(
            there=there[first], here=here[first], first=first
        )
        yield gettext("{name} differs in {count}, first {first}").format(
            name=name, count=count, first=first_of
        )


def _unlike_values(there: Mapping[str, Any], here: Mapping[str, Any]) -> tuple[int, list[str]]:
    """Values of worlds by what they are of; those of metrics that were not run again are left out."""
    known = {_key(here, row): row for row in range(len(here["value"]))}
    measured = {str(name) for name in here["metric"]}
    apart: list[str] = []
    numbers = 0
    for row in range(len(there["value"])):
        key = _key(there, row)
        if key[0] not in measured or (key[4] and key[4].partition(":")[0] not in GROUPS and key not in known):
            continue
        numbers += 2
        place = known.get(key)
        if place is None:
            apart.append(gettext("{row} is there and not here").format(row=" ".join(map(str, key))))
            continue
        for name in ("value", "n"):
            one, other = float(there[name][row]), float(here[name][place])
            if one != other and not (np.isnan(one) and np.isnan(other)):
                apart.append(
                    gettext("{name} of {row} is {one!r} there and {other!r} here").format(
                        name=name, row=" ".join(map(str, key)), one=one, other=other
                    )
                )
    return numbers, apart


def _key(columns: Mapping[str, Any], row: int) -> tuple[Any, ...]:
    metric, scenario, policy, replication, group = (columns[name][row] for name in KEY)
    return str(metric), str(scenario), str(policy), int(replication), str(group)


def _unlike_documents(there: Any, here: Any) -> Iterator[str]:
    from evenhand.analysis.metrics.apart import differences

    there, here = (json.loads(json.dumps(one)) for one in (there, here))
    if isinstance(there, list):
        there, here = ({str(place): one for place, one in enumerate(some)} for some in (there, here))
    yield from differences(there, here)
