"""Forms are made from the schema: every field of every file says what it is."""

from __future__ import annotations

import json

import pytest

from evenhand.scenarios.catalogue import KINDS, Kind
from evenhand.scenarios.fields import about, models
from evenhand.scenarios.schema import schema
from evenhand.scenarios.shape import fields


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_has_label_meaning_unit_order_and_what_is_allowed(kind: Kind) -> None:
    """A field without one of them is a riddle in a form; order is the order of the model."""
    missing = [
        (one.path, name)
        for one in about(kind)
        for name in ("label", "description", "unit", "allowed")
        if not getattr(one.meaning, name).strip()
    ]
    assert missing == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_says_all_of_it(kind: Kind) -> None:
    """Editors and the web page read the schema, not our models."""
    defs = schema(kind)["$defs"]
    for name, model in models(kind).items():
        part = defs["File" if name.lower() == kind else name]
        orders = []
        for field in fields(model):
            said = part["properties"][field]
            assert all(said[key] for key in ("title", "description", "x-unit", "x-allowed")), (name, field)
            orders.append(said["x-order"])
        assert orders == sorted(orders), name


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_model_says_of_its_fields_is_about_fields_it_has(kind: Kind) -> None:
    """A renamed field must not leave its unit or label behind."""
    for name, model in models(kind).items():
        attributes = set(fields(model))
        for said in (getattr(model, "units", {}), getattr(model, "labels", {})):
            assert set(said) <= attributes, name


def test_labels_of_a_group_tell_its_fields_apart() -> None:
    """Two fields with one label cannot be told apart in a form."""
    for kind in KINDS:
        defs = schema(kind)["$defs"]
        for name, model in models(kind).items():
            part = defs["File" if name.lower() == kind else name]
            labels = [part["properties"][field]["title"] for field in fields(model)]
            assert len(set(labels)) == len(labels), (name, labels)
    assert json.dumps(schema("policy"))
