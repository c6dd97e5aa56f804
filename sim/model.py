"""What scenario and policy files have in common: frozen, whole, and nothing unknown in them."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator


class Model(BaseModel):
    """A part of a scenario or policy: immutable, unknown keys refused, docstrings as descriptions."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,
        allow_inf_nan=False,
        validate_default=True,
    )

    @field_validator("*", mode="before")
    @classmethod
    def _yes_is_no_number(cls, value: Any, info: ValidationInfo) -> Any:
        """Refuse true and false where anything else is wanted: pydantic would read them as 1 and 0."""
        wanted = cls.model_fields[info.field_name].annotation if info.field_name else bool
        if isinstance(value, bool) and wanted is not bool:
            raise ValueError("must not be true or false")
        return value
