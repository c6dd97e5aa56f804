"""Accepting: what policies do now becomes what is expected of them, in the file as a person wrote it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from evenhand.analysis import METRICS
from evenhand.analysis.gate import Reading
from evenhand.analysis.metrics.renamed import current
from evenhand.analysis.runs.atomic import whole
from evenhand.errors import UsageError
from evenhand.jobs.gate_file import GateFile, expected, own_hashes, read
from evenhand.locale.current import gettext
from evenhand.storage.version import version

WIDTH = 100


def rewrite(file: GateFile, measured: Sequence[Sequence[Mapping[str, Reading]]], reason: str) -> None:
    """Write the values of each entry, in the order of the file, and why they were accepted.

    Comments, order and everything else in the file stay. The new file takes the place of the old one
    whole, or not at all. Raises UsageError where two entries share their metrics by an alias, OSError.
    """
    yaml = _style()
    path = file.path.resolve()
    content: Any = yaml.load(path.read_text(encoding="utf-8-sig"))
    written: set[int] = set()
    for entry, replications in zip(content["gates"], measured, strict=True):
        for name, watched in entry["metrics"].items():
            if id(watched) in written:
                raise UsageError(
                    gettext("{path}: {name} is an alias; write the metrics of each gate out").format(
                        path=file.path, name=name
                    )
                )
            written.add(id(watched))
            metric = file.known[current(name)]
            _expect(watched, [one[metric.name] for one in replications], pooled=metric.pooled)
    own = own_hashes(file.says, file.known)
    content["accepted"] = CommentedMap(
        reason=reason,
        evenhand=version(),
        date=datetime.now(UTC).date(),
        seed=file.says.seed,
        days=file.says.days,
        **({} if file.says.cohort is None else {"cohort": file.says.cohort}),
        **({"own": own} if own else {}),
    )
    text = StringIO()
    yaml.dump(content, text)
    _replace(path, text.getvalue(), file)


def _style() -> YAML:
    """As most people indent lists: what is not changed should not look changed."""
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _expect(watched: CommentedMap, readings: Sequence[Reading], *, pooled: bool) -> None:
    values, cases = [one.value for one in readings], [one.n for one in readings]
    watched.fa.set_block_style()
    watched["expected"] = expected(values, cases if pooled else ())
    watched["values"] = _in_a_row(values)
    watched.pop("cases", None)
    if pooled:
        watched["cases"] = _in_a_row(cases)


def _in_a_row(numbers: Sequence[float]) -> CommentedSeq:
    listed = CommentedSeq(numbers)
    listed.fa.set_flow_style()
    return listed


def _replace(path: Path, text: str, file: GateFile) -> None:
    """Write beside the file, read that back as any later run will, and only then take its place."""
    with whole(path) as unfinished:
        unfinished.write_text(text, encoding="utf-8")
        shutil.copymode(path, unfinished)
        read(unfinished, metrics=[one for name, one in file.known.items() if name not in METRICS])
