"""A patch file from two models: the least that turns the base into the other, in the words of a file."""

from __future__ import annotations

from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from evenhand.scenarios.forms import form
from evenhand.sim.policy.policy import Policy
from evenhand.sim.scenario.scenario import Scenario

WIDTH = 110
TEXTS = ("name", "title", "description", "kind")


def patch_text(
    base: Scenario | Policy, model: Scenario | Policy, of: str, *, title: str, remarks: tuple[str, ...] = ()
) -> str:
    """A file that lies over `of`, the name or path of the base, and reads back to the very model.

    `remarks` become comments at the top.
    """
    was, now = form(base), form(model)
    document = CommentedMap(kind=model.kind, title=title, base=of)
    document["confidence"] = "assumed"
    document["note"] = "one plausible future, written by evenhand robust"
    for path, value in now.items():
        if path not in TEXTS and was.get(path) != value:
            _put(document, path.split("."), value)
    yaml = YAML()
    yaml.width, yaml.allow_unicode = WIDTH, True
    out = StringIO()
    yaml.dump(document, out)
    return "".join(f"# {line}\n" for remark in remarks for line in remark.splitlines()) + out.getvalue()


def _put(document: CommentedMap, parts: list[str], value: Any) -> None:
    at = document
    for part in parts[:-1]:
        at = at.setdefault(part, CommentedMap())
    at[parts[-1]] = _written(value)


def _written(value: Any) -> Any:
    """Laws and lists in one line, as people write them."""
    if isinstance(value, dict):
        group = CommentedMap((key, _written(inner)) for key, inner in value.items())
        group.fa.set_flow_style()
        return group
    if isinstance(value, (list, tuple)):
        items = CommentedSeq([_written(inner) for inner in value])
        items.fa.set_flow_style()
        return items
    return value
