"""The shape of manifests and plans: of which kinds their values are, whoever has written them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

Count = Annotated[int, Field(strict=True, ge=0, lt=2**63)]
"""What fits into a column of a table."""
Positive = Annotated[int, Field(strict=True, ge=1, lt=2**63)]
Number = Annotated[float, Field(strict=True)]
Word = Annotated[str, Field(strict=True)]


class Shape(BaseModel):
    """A part of a document; what nothing reads may stand beside it."""

    model_config = ConfigDict(extra="allow", protected_namespaces=())


class MetricShape(Shape):
    """A metric: its value, the ends of its interval where it has one, its n and its unit."""

    value: Number | None
    ci: Annotated[list[Number | None], Field(min_length=2, max_length=2)] | None
    n: Count
    unit: Word


class PartShape(Shape):
    """A part: its first and last replication, the rows of its tables, and the checksums of its files."""

    replications: Annotated[list[Count], Field(min_length=2, max_length=2)]
    rows: dict[str, Count]
    files: dict[str, Word]


class ModelShape(Shape):
    """A scenario or policy."""

    name: Word
    title: Word
    sha256: Word
    model: dict[str, Any]


class RunShape(Shape):
    """What a plan and a manifest both say of a run."""

    evenhand: Word
    engine: Literal["numba", "simpy", "compiled"]
    records: Word
    scenario: ModelShape
    policy: ModelShape
    seed: Count
    replications: Positive
    days: Positive
    open_loop: Annotated[bool, Field(strict=True)] | None
    cohort: Word | None = None

    @model_validator(mode="before")
    @classmethod
    def _of_before(cls, document: Any) -> Any:
        """Take the name that the engine had before; see `evenhand.renamed`."""
        if isinstance(document, dict) and "clock" in document:
            return {"engine": document["clock"], **document}
        return document


class PlanShape(RunShape):
    """What a plan says beside that: how the work is cut, and whether events are kept."""

    jobs: Positive
    events: Annotated[bool, Field(strict=True)]


class ManifestShape(RunShape):
    """What a manifest says beside that."""

    rows: dict[str, Count]
    parts: list[PartShape]
    metrics: dict[str, MetricShape]
    rule: dict[str, Word] | None = None


def fits(document: object, shape: type[Shape]) -> bool:
    """Whether a document has a shape. A checksum that holds does not say so: it may be anybody's."""
    try:
        shape.model_validate(document)
    except (ValidationError, RecursionError):
        return False
    return True
