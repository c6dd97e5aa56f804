"""Code of one's own on a command line: `--metrics-from my.py`, and policies as `tmall+rules.py:generous`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from evenhand.analysis import METRICS, Metric
from evenhand.analysis.metrics.metric import own_metrics
from evenhand.analysis.metrics.registry import known_metrics
from evenhand.errors import UsageError
from evenhand.locale.current import gettext
from evenhand.own_code import BadCode, code_of, rule, split
from evenhand.scenarios import Loaded
from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.experiment import Decide, EngineName


def known(files: Sequence[Path]) -> dict[str, Metric]:
    """All metrics that can be named: those that are shipped, and those that files make. Raises BadCode."""
    own: dict[str, Metric] = {}
    for path in files:
        for name, one in own_metrics(path).items():
            if name in own and code_of(own[name].function) != code_of(one.function):
                raise BadCode(
                    gettext("{path}: makes the metric {name!r} once more, and otherwise").format(
                        path=path, name=name
                    )
                )
            own[name] = one
    return known_metrics(own)


def asked(names: Sequence[str], every: dict[str, Metric]) -> list[str | Metric] | None:
    """What is measured: the metrics that are named, else all that are shipped and one's own.

    None = the shipped ones, where nothing else is meant.
    """
    if names:
        return [every[name] for name in names]
    return None if len(every) == len(METRICS) else list(every.values())


def policy_of(name: str) -> str:
    """The policy in a word, without its decision rule. Raises BadCode for a rule without a policy."""
    return split(name).policy


def rule_of(name: str) -> Decide | None:
    """The decision rule behind a policy, if there is one. Raises BadCode."""
    found = split(name)
    return None if found.file is None else rule(found.file, str(found.function))


def decided(loaded: Loaded, name: str) -> Loaded:
    """What was read for a word; with a rule, under a name and a title that say so."""
    if not isinstance(loaded.model, Policy):
        return loaded
    model = renamed(loaded.model, name)
    return replace(loaded, name=model.name, model=model)


def renamed(policy: Policy, name: str) -> Policy:
    """The policy of a word under a name and a title that say who decides."""
    function = split(name).function
    if function is None:
        return policy
    title = f"{policy.title}, decided by {function}"  # goes into records, which are English
    return policy.model_copy(update={"name": f"{policy.name}+{function}", "title": title})


def engine_for(engine: EngineName, *, rules: bool) -> EngineName:
    """Python decides under the SimPy engine. Raises UsageError where the other is asked for."""
    if rules and engine == "numba":
        raise UsageError(gettext("--engine: a decision rule in Python runs under simpy, found 'numba'"))
    return "simpy" if rules and engine == "auto" else engine
