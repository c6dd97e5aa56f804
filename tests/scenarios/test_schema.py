"""Editors check files while they are written, by schemas that follow from the models."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from evenhand import scenarios
from evenhand.scenarios.catalogue import KINDS, Kind
from evenhand.scenarios.problems import Problem
from evenhand.scenarios.schema import path, schema, text
from evenhand.scenarios.yaml import parse, read_text

DATA = Path(__file__).parents[1] / "data"


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_files_are_current(kind: Kind) -> None:
    """An editor must not refuse what the program accepts: `python -m evenhand.scenarios.schema` does it."""
    assert path(kind).read_text(encoding="utf-8") == text(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_every_reference_leads_somewhere(kind: Kind) -> None:
    """The schema is put together by hand from parts; a dangling reference silences an editor."""
    built = schema(kind)
    assert {ref.removeprefix("#/$defs/") for ref in _references(built)} <= set(built["$defs"])


def _references(part: Any) -> set[str]:
    inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    own = {part["$ref"]} if isinstance(part, dict) and "$ref" in part else set()
    return own.union(*(_references(one) for one in inner))


def _mistakes(kind: Kind, file: Path | str) -> list[str]:
    jsonschema = pytest.importorskip("jsonschema")
    problems: list[Problem] = []
    words = read_text(file, file.name) if isinstance(file, Path) else file
    data = json.loads(json.dumps(parse(words, "x", problems).data(), default=str))  # dates are text in JSON
    return [error.message for error in jsonschema.Draft202012Validator(schema(kind)).iter_errors(data)]


@pytest.mark.parametrize(
    ("kind", "file"),
    [("scenario", DATA / "tiny.yaml"), ("policy", DATA / "plain.yaml"), ("policy", DATA / "longer.yaml")]
    + [(entry.kind, entry.path) for entry in scenarios.available()],
    ids=str,
)
def test_what_the_reader_accepts_the_schema_accepts(kind: Kind, file: Path) -> None:
    """Sources, wrapped values and patches are ours, not the models': the schema must know them."""
    assert _mistakes(kind, file) == []


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("policy", "windows: {file: 3 d}"),
        ("policy", "title: x\nwindows: {flie: 3 d}"),
        ("policy", "title: x\nreview: {limit: {value: -1, source: a}}"),
        ("policy", "base: plain\nreview: {limit: {value: 1, sorce: a}}"),
        ("policy", "title: x\nreforms: [{starts: 3, changes: {reviews: 1}}]"),
        ("policy", "title: x\nconfidence: assumd"),
        ("scenario", "base: tmall\nshipping: {law: lognromal}"),
        ("scenario", "title: x"),
    ],
)
def test_what_the_reader_refuses_the_schema_refuses(kind: Kind, text: str) -> None:
    """The mistakes people make most are marked while they type."""
    assert _mistakes(kind, text)
