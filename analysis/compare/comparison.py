"""A comparison: every difference from the baseline, and the values it was made from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

from evenhand.analysis.compare.by_group import ByGroup
from evenhand.analysis.compare.difference import Difference
from evenhand.analysis.compare.ways import Ways
from evenhand.analysis.compare.why import Why
from evenhand.analysis.metrics.accumulators import Floats, Ints
from evenhand.analysis.metrics.metric import Metric
from evenhand.analysis.metrics.overload import Overload
from evenhand.analysis.metrics.renamed import current
from evenhand.locale.current import gettext
from evenhand.own_code import Code
from evenhand.result import Result
from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.cohort import Cohort
from evenhand.sim.runs.records import Columns
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.suggest import did_you_mean


class Stop(NamedTuple):
    """After how many worlds of a scenario a comparison stopped, and why."""

    scenario: str
    replications: int
    reason: str
    """One English clause."""
    independent: int | None
    """Worlds that independent seeds would have needed for the same targets; None without targets."""


class Readings(NamedTuple):
    """What was measured in the worlds of one scenario: value and n (worlds, policies, metrics)."""

    scenario: str
    policies: tuple[str, ...]
    metrics: tuple[Metric, ...]
    units: tuple[str, ...]
    value: Floats
    n: Ints


@dataclass(frozen=True, eq=False, repr=False)
class Comparison(Result):
    """Policies against a baseline in the same worlds.

    `differences` go by scenario, policy and metric. `values` is the long table, as columns: metric,
    scenario, policy, replication, group (empty for everybody, else `buyer_group:new` and the like),
    value (NaN where undefined), n, the cases counted, and clusters, the merchants whom they are of (NaN
    where a metric is not made of single disputes, as the use of a desk).
    """

    baseline: str
    differences: tuple[Difference, ...]
    values: Columns
    stops: tuple[Stop, ...]
    """One for each scenario."""
    seed: int
    days: dict[str, int]
    """Length of a world, by scenario."""
    targets: dict[str, float]
    """Half-widths that were asked for, by metric."""
    open_loop: bool | None
    """None = as the scenario says."""
    engines: dict[str, str]
    """Simulation engine, by scenario; results are identical."""
    cohort: Cohort | None = None
    """The disputes that are counted; None = those about all orders after start-up."""
    pooled: frozenset[str] = frozenset()
    """Metrics that are ratios, whose worlds are pooled by the cases they count."""
    by: tuple[ByGroup, ...] = ()
    """Differences by group, one for each column that was asked for."""
    overloads: Mapping[str, Mapping[str, tuple[Overload, ...]]] = field(default_factory=dict)
    """Desks that cannot keep up, by scenario and policy; who has none is left out."""
    scenarios: Mapping[str, Scenario] = field(default_factory=dict)
    """The scenarios, by name."""
    policies: Mapping[str, Policy] = field(default_factory=dict)
    """All policies by name, the baseline among them."""
    rules: Mapping[str, Code] = field(default_factory=dict)
    """Decision rules in Python, by the policies that use them."""
    own: Mapping[str, Code] = field(default_factory=dict)
    """Metrics that are not shipped, by name."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """The files of one's own that rules and metrics were loaded from, by name."""
    ways: tuple[Ways, ...] = ()
    """How disputes go under each policy beside the baseline, by scenario; see `why`."""

    @property
    def warnings(self) -> list[tuple[str, str, Overload]]:
        """Scenario, policy and desk of all that describes a backlog more than a policy."""
        return [
            (scenario, policy, desk)
            for scenario, of_scenario in self.overloads.items()
            for policy, desks in of_scenario.items()
            for desk in desks
        ]

    def of(self, metric: str, policy: str | None = None, scenario: str | None = None) -> Difference:
        """The one difference in a metric. Raises ValueError where none, or several, are meant."""
        metric = current(metric)
        found = [
            one
            for one in self.differences
            if one.metric == metric and policy in (None, one.policy) and scenario in (None, one.scenario)
        ]
        if len(found) == 1:
            return found[0]
        if not found:
            hint = did_you_mean(metric, {one.metric for one in self.differences})
            said = gettext("no difference in {metric!r} for policy={policy!r}, scenario={scenario!r}").format(
                metric=metric, policy=policy, scenario=scenario
            )
            raise ValueError(f"{said}{hint}")
        rivals = ", ".join(
            gettext("{policy} in {scenario}").format(policy=one.policy, scenario=one.scenario)
            for one in found
        )
        raise ValueError(
            gettext("{metric!r} has several differences; say which: {rivals}").format(
                metric=metric, rivals=rivals
            )
        )

    def way(self, policy: str, scenario: str) -> Ways | None:
        """How disputes go under a policy beside the baseline; None where nobody counted."""
        return next((one for one in self.ways if (one.policy, one.scenario) == (policy, scenario)), None)

    def why(self, one: Difference) -> Why | None:
        """Why a difference of this comparison was found; None where none was found, or nobody counted."""
        way = self.way(one.policy, one.scenario)
        return None if way is None else way.why(one)

    def table(self) -> list[dict[str, Any]]:
        """One flat row a difference, with everything that is known about it."""
        return [_row(one) for one in self.differences]

    def to_json(self) -> dict[str, Any]:
        """What `evenhand compare --format json` prints; null where a number is not known."""
        found: dict[str, Any] = {
            "warnings": [
                {"scenario": scenario, "policy": policy, **desk.as_json()}
                for scenario, policy, desk in self.warnings
            ],
            "comparisons": [self._as_json(one) for one in self.differences],
            "ways": [one.as_json() for one in self.ways],
        }
        if self.by:
            found["by"] = [one.to_json() for one in self.by]
        return found if self.cohort is None else {"cohort": str(self.cohort), **found}

    def _as_json(self, one: Difference) -> dict[str, Any]:
        why = self.why(one)
        return {**one.as_json(), "why": None if why is None else why.as_json()}

    def by_group(self, column: str | None = None) -> ByGroup:
        """The differences by the groups of a column, the first one unless named. Raises ValueError."""
        for one in self.by:
            if column in (None, one.column):
                return one
        there = ", ".join(one.column for one in self.by) or gettext("nothing; pass `by` to `compare`")
        raise ValueError(
            gettext("no differences by {what}; there is {there}").format(what=column or "group", there=there)
        )

    def summary(self) -> str:
        """Who is compared, in how many worlds, and how many differences are beyond luck."""
        others = dict.fromkeys(one.policy for one in self.differences)
        worlds = ", ".join(
            gettext("{replications} worlds of {scenario}").format(
                replications=stop.replications, scenario=stop.scenario
            )
            for stop in self.stops
        )
        apart = sum(one.verdict in {"higher", "lower"} for one in self.differences)
        desks = gettext("; a desk cannot keep up") if self.warnings else ""
        return gettext(
            "{others} less {baseline} in {worlds}, seed {seed}; {apart} of {differences} differences "
            "told apart{desks}"
        ).format(
            others=", ".join(others),
            baseline=self.baseline,
            worlds=worlds,
            seed=self.seed,
            apart=apart,
            differences=len(self.differences),
            desks=desks,
        )

    @property
    def labels(self) -> dict[str, str]:
        """Words for columns, metrics, policies, scenarios and groups."""
        models: dict[str, Scenario | Policy] = {**self.scenarios, **self.policies}
        return {
            **super().labels,
            **{one.metric: one.title for one in self.differences},
            **{name: model.title or name for name, model in models.items()},
            **{name: title for one in self.by for name, title in one.titles.items()},
        }

    pictures: ClassVar[Callable[[Comparison], Any]]
    """Makes `plot`; set by `analysis.notebook`, so that a comparison knows no charts."""
    page: ClassVar[Callable[[Comparison], str]]
    """Makes the table of a notebook; set by `analysis.notebook`."""

    @property
    def plot(self) -> Any:
        """Pictures: `plot.forest()`, `plot.pareto(x, y)`; each gives matplotlib axes."""
        return type(self).pictures(self)

    def _repr_html_(self) -> str:
        return type(self).page(self)


def _row(one: Difference) -> dict[str, Any]:
    nowhere = (float("nan"), float("nan"))
    (low, high), (lowest, highest) = one.ci or nowhere, one.simultaneous_ci or nowhere
    return {
        "scenario": one.scenario,
        "metric": one.metric,
        "policy": one.policy,
        "baseline": one.baseline,
        "policy_value": one.policy_value,
        "baseline_value": one.baseline_value,
        "difference": one.difference,
        "low": low,
        "high": high,
        "simultaneous_low": lowest,
        "simultaneous_high": highest,
        "n": one.n,
        "undefined": one.undefined,
        "unseen": one.unseen,
        "p": one.p,
        "p_adjusted": one.p_adjusted,
        "variance_reduction": one.variance_reduction,
        "unit": one.unit,
        "verdict": one.verdict,
        "sentence": one.sentence,
    }
