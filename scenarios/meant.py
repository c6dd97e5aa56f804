"""Reads values as people type them, `60%`, `48小时`, `20元`, and says what to write where none is certain.

Only a value whose setting leaves no doubt is read; all others reach the model as they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pydantic import BaseModel

from evenhand.locale.current import gettext
from evenhand.scenarios.merge import join
from evenhand.scenarios.problems import Problem, clean, found
from evenhand.scenarios.shape import Allowed, allowed, fields, law
from evenhand.scenarios.yaml import Node
from evenhand.sim.policy.policy import Policy

_HOURS = {
    "分钟": "min",
    "分": "min",
    "mins": "min",
    "小时": "h",
    "个小时": "h",
    "时": "h",
    "hr": "h",
    "hrs": "h",
    "天": "d",
    "日": "d",
    "周": "w",
    "个星期": "w",
    "星期": "w",
    "wk": "w",
    "wks": "w",
    "个工作日": "business days",
    "工作日": "business days",
    "working days": "business days",
    "working day": "business days",
    "workdays": "business days",
    "business day": "business days",
}
_TOLD = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*([^\d\s].*?)\s*")
_PERCENT = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*%\s*")
_MONEY = re.compile(r"\s*(?:[¥￥$€]\s*(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?)\s*(?:元|块|圆|RMB|CNY|¥|￥))\s*")
_COMMA = re.compile(r"\s*(-?\d+),(\d{1,2})\s*")
_REMARK = re.compile(r"\s+(//|--|;).*$")
_ANSWERS = {"yes": True, "no": False, "on": True, "off": False, "是": True, "否": False}


def as_meant(tree: Node, model: type[BaseModel]) -> tuple[Node, list[Problem]]:
    """The tree with its values read for the settings they stand at, and what is in doubt."""
    reader = _Reader([])
    return reader.group(tree, model, ""), reader.problems


class _Reader:
    """Goes down the tree beside the models."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems

    def group(self, node: Node, model: type[BaseModel], path: str, *, timeless: bool = False) -> Node:
        """Read the settings of a model; the numbers of a law that is `timeless` are no durations."""
        if not isinstance(node.value, dict):
            return node
        known = fields(model)
        units: Mapping[str, str] = getattr(model, "units", {})
        read = dict(node.value)
        for key, child in node.value.items():
            if key in known and key != "law":
                one = allowed(known[key].annotation, known[key].metadata, units.get(key, ""))
                if timeless:
                    one = one._replace(duration=False)
                read[key] = self.value(child, one, join(path, key))
        return replace(node, value=read)

    def value(self, node: Node, one: Allowed, path: str) -> Node:
        """Read a value of whatever form, for a setting that allows `one`."""
        if isinstance(node.value, dict):
            if one.anything:  # what an exception or a reform changes
                return self.group(node, Policy, path)
            if one.entries:
                items = {
                    key: self.value(item, one.entries, join(path, key)) for key, item in node.value.items()
                }
                return replace(node, value=items)
            models = [model for model in one.models if law(model) in (None, _law_of(node))]
            return self.group(node, models[0], path, timeless=bool(one.unit)) if models else node
        if isinstance(node.value, tuple):
            if one.items is None:
                return node
            items_read = tuple(
                self.value(item, one.items, f"{path}.{i}") for i, item in enumerate(node.value)
            )
            return replace(node, value=items_read)
        return self.scalar(node, one, path)

    def scalar(self, node: Node, one: Allowed, path: str) -> Node:
        """Read one word or number."""
        value = node.value
        if one.duration:
            return self.duration(node, path)
        if isinstance(value, float) and int in one.types and float not in one.types and value.is_integer():
            return replace(node, value=int(value))
        if not isinstance(value, str) or str in one.types or not (one.types & {int, float, bool}):
            return node
        text = _REMARK.sub("", unicodedata.normalize("NFKC", value))
        if bool in one.types and text.strip().lower() in _ANSWERS:
            return replace(node, value=_ANSWERS[text.strip().lower()])
        if not one.types & {int, float} or text.strip() in one.words:
            return node
        number = self.number(text, one)
        if number is not None:
            return replace(node, value=number)
        if hint := _hint(text, value):
            self.doubt(
                node,
                path,
                gettext("must be a number, found {value}; {hint}").format(value=found(value), hint=hint),
            )
        return node

    def number(self, text: str, one: Allowed) -> int | float | None:
        """A number that is certain: a share in per cent, an amount with its currency."""
        if match := _PERCENT.fullmatch(text):
            return float(match[1]) / 100 if one.share else None
        match = _MONEY.fullmatch(text) if one.unit == "money" else None
        plain = match[1] or match[2] if match else text.strip()
        if not re.fullmatch(r"-?\d+(\.\d+)?", plain):
            return None
        return int(plain) if "." not in plain else float(plain)

    def duration(self, node: Node, path: str) -> Node:
        """A duration needs its unit; only 0 is the same in all."""
        value = node.value
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            if 0 < abs(value) < 1e6:
                self.doubt(
                    node,
                    path,
                    gettext("has no unit; write {value:.12g} h or {value:.12g} d").format(value=value),
                )
            return node
        if not isinstance(value, str):
            return node
        text = unicodedata.normalize("NFKC", value)
        if _REMARK.search(text):
            self.doubt(
                node,
                path,
                gettext("has a remark in it, found {value}; begin remarks with '#'").format(
                    value=found(value)
                ),
            )
            return node
        match = _TOLD.fullmatch(text)
        unit = _HOURS.get(match[2].lower()) if match else None
        if match and unit:
            return replace(node, value=f"{match[1]} {unit}")
        if comma := re.fullmatch(r"\s*(\d+),(\d{1,2})\s*(.+)", text):
            self.doubt(
                node,
                path,
                gettext("has a comma in its number; write {what}.{what_2} {what_3}").format(
                    what=comma[1], what_2=comma[2], what_3=comma[3]
                ),
            )
            return node
        return replace(node, value=text) if match else node

    def doubt(self, node: Node, path: str, said: str) -> None:
        self.problems.append(Problem(node.place, path, said))


def _law_of(node: Node) -> Any:
    said = node.child("law")
    return said.value if said else None


def _hint(text: str, value: str) -> str:
    """What to write instead of a number that is not one."""
    if match := _COMMA.fullmatch(text):
        return gettext("write {what}.{what_2}").format(what=match[1], what_2=match[2])
    if match := _PERCENT.fullmatch(text):
        return gettext("write {float:.12g}, or the number without '%'").format(float=float(match[1]) / 100)
    match = re.fullmatch(r"\s*[^\d\s]?\s*(-?\d+(?:\.\d+)?)\s*\D*", text)
    return (
        gettext("write {clean} alone").format(clean=clean(match[1]))
        if match and value.strip() != match[1]
        else ""
    )
