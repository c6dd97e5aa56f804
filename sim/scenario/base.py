"""What scenario and policy files have in common: frozen, whole, and nothing unknown in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """A part of a scenario or policy: immutable, unknown keys refused, docstrings as descriptions.

    Class arguments tell what forms and editors show beside a field: `units` those of numbers (the others
    follow from their types), `labels` a better name than the field's own.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,
        allow_inf_nan=False,
        validate_default=True,
        populate_by_name=True,  # a field whose name in files is an alias
    )
    units: ClassVar[Mapping[str, str]] = {}
    labels: ClassVar[Mapping[str, str]] = {}

    def __init_subclass__(
        cls, units: Mapping[str, str] | None = None, labels: Mapping[str, str] | None = None, **extra: Any
    ) -> None:
        """Keep what is said of the fields."""
        super().__init_subclass__(**extra)
        cls.units, cls.labels = units or {}, labels or {}
