"""Figures measured before, kept in a file, so that one study can be run again without the others."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from benchmarks.validity.finding import Figure, PublishedStudy
from benchmarks.validity.natural.catalogue import NATURAL


def read(path: Path) -> dict[str, PublishedStudy]:
    """The studies in a file, none where there is no file; what natural experiments declare is the code's.

    Raises ValueError for a file that holds something else.
    """
    if not path.exists():
        return {}
    try:
        found = [_study(one) for one in json.loads(path.read_text("utf-8"))]
    except (TypeError, KeyError, json.JSONDecodeError) as error:
        raise ValueError(f"{path}: is no file of figures: {error}") from error
    return {one.key: one for one in found}


def write(studies: Mapping[str, PublishedStudy], order: Sequence[str], path: Path) -> None:
    """Keep studies, in this order."""
    rows = [asdict(studies[key]) for key in order if key in studies]
    path.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", "utf-8")


def _study(row: dict[str, Any]) -> PublishedStudy:
    figures = tuple(
        Figure(**{**one, "ci": tuple(one["ci"]) if one["ci"] else None}) for one in row["figures"]
    )
    if row["key"] in NATURAL:
        return _declared(row["key"], figures, row["worlds"])
    return PublishedStudy(**{**row, "figures": figures, "assumed": tuple(row["assumed"])})


def _declared(key: str, figures: Sequence[Figure], worlds: int) -> PublishedStudy:
    """Measured values with the bands and words of the declaration; figures it does not know are left out."""
    experiment = NATURAL[key]
    measured = {one.name: one for one in figures}
    kept = [
        replace(measured[one.name], published=one.published, low=one.band[0], high=one.band[1], sign=one.sign)
        for one in experiment.quantities
        if one.name in measured
    ]
    return experiment.told(kept, worlds)
