"""Says what a model found wrong in words for people who write no programs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, NamedTuple

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from evenhand.locale.current import gettext, gettext_noop
from evenhand.scenarios.merge import join
from evenhand.scenarios.problems import Place, Problem, clean, found, listed
from evenhand.scenarios.shape import law, models_at, settings_at
from evenhand.scenarios.yaml import Node
from evenhand.sim.scenario.suggest import did_you_mean

MOST = 1000
"""Mistakes translated at most; nobody reads on."""
Where = tuple[str | int, ...]
Said = tuple[Problem, str]
"""What the rule is, and how the sentence ends: with what was found, or what may have been meant."""

_GROUP = gettext_noop("must be a group of settings")
_DATE = gettext_noop("must be a date such as 2026-11-11")
_LIST = gettext_noop("must be a list such as [a, b]")
_NUMBER = gettext_noop("must be a number")
_WHOLE = gettext_noop("must be a whole number")
_YES_NO = gettext_noop("must be true or false")
_TEXT = gettext_noop("must be text (a number goes in quotes)")
_RULES = {
    "greater_than_equal": gettext_noop("must be {ge:,.15g} or more"),
    "greater_than": gettext_noop("must be above {gt:,.15g}"),
    "less_than_equal": gettext_noop("must be {le:,.15g} or less"),
    "less_than": gettext_noop("must be below {lt:,.15g}"),
    "finite_number": gettext_noop("must be a finite number"),
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "int_parsing_size": _WHOLE,
    "bool_type": _YES_NO,
    "bool_parsing": _YES_NO,
    "string_type": _TEXT,
    "date_type": _DATE,
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": _DATE,
    "tuple_type": _LIST,
    "list_type": _LIST,
    "dict_type": _GROUP,
    "model_type": _GROUP,
    "model_attributes_type": gettext_noop("must be a law such as {{law: constant, value: 48 h}}"),
    "too_short": gettext_noop("must have {min_length} or more entries"),
    "too_long": gettext_noop("must have {max_length} or fewer entries"),
    "literal_error": gettext_noop("must be {expected}"),
}


def translate(
    complaints: Iterable[ErrorDetails],
    model: type[BaseModel],
    root: Node,
    path: str = "",
    elsewhere: Mapping[str, str] | None = None,
) -> list[Problem]:
    """Turn what a model complains of into problems; `path` is where `root` stands in the file.

    `elsewhere` says of names that are no settings at the top here where they belong.

    Several complaints about one value (it may be this or that) become one problem.
    """
    rules: dict[tuple[str, Place], list[str]] = {}
    endings: dict[tuple[str, Place], str] = {}
    for complaint in islice(complaints, MOST):
        problem, ending = _one(complaint, model, root, path, elsewhere or {})
        key = (problem.path, problem.place)
        if problem.message not in rules.setdefault(key, []):
            rules[key].append(problem.message)
        endings[key] = ending
    return [Problem(place, path, _either(rules[path, place]) + endings[path, place]) for path, place in rules]


class _Complaint(NamedTuple):
    """One complaint of a model, and where in the file it leads."""

    kind: str
    where: Where
    context: dict[str, Any]
    model: type[BaseModel]
    node: Node
    path: str
    elsewhere: Mapping[str, str]

    @property
    def key(self) -> Place:
        return self.node.key or self.node.place


def _one(
    error: ErrorDetails, model: type[BaseModel], root: Node, prefix: str, elsewhere: Mapping[str, str]
) -> Said:
    where = tuple(error["loc"])
    node, path = _locate(root, where, prefix)
    one = _Complaint(error["type"], where, error.get("ctx", {}), model, node, path, elsewhere)
    if one.kind in _SPECIAL:
        return _SPECIAL[one.kind](one)
    if where and where[-1] == "[key]":  # the name of an entry, not its value
        return Problem(
            one.key, path, gettext("must be {expected}").format(expected=one.context["expected"])
        ), _found(where[-2], one.context)
    rule = _RULES.get(one.kind)
    message = (
        gettext(rule).format(**one.context)
        if rule
        else str(error["msg"]).replace("Input should be", gettext("must be"))
    )
    return Problem(node.place, path, message), _found(node.value, one.context)


def _missing(one: _Complaint) -> Said:
    return Problem(one.key, join(one.path, str(one.where[-1])), gettext("must be given")), ""


def _unknown(one: _Complaint) -> Said:
    name = str(one.where[-1])
    allowed = list(settings_at(one.model, one.where[:-1]))
    if said := _misplaced(name, allowed, one):
        return Problem(one.key, one.path, gettext("unknown setting")), said
    hint = did_you_mean(name, allowed) or gettext("{beside}; allowed here are {allowed}").format(
        beside=_beside(name, one), allowed=listed(allowed, "and")
    )
    return Problem(one.key, one.path, gettext("unknown setting")), hint


def _beside(name: str, one: _Complaint) -> str:
    """Groups beside the one in which a name stands that have a setting of that name."""
    above = one.where[:-2]
    names = settings_at(one.model, above) if one.where[:-1] else {}
    beside = [other for other in names if name in settings_at(one.model, (*above, other))]
    return gettext("; it belongs in {beside}").format(beside=listed(beside)) if beside else ""


def _misplaced(name: str, allowed: list[str], one: _Complaint) -> str:
    """What may have been meant by a name that is no setting for a reason one can tell."""
    if len(one.where) == 1 and name in one.elsewhere:
        return f"; {one.elsewhere[name]}"
    head, point, rest = name.partition(".")
    if point and head in allowed:
        return gettext("; write '{head}:' and '{rest}:' below it, indented").format(
            head=head, rest=clean(rest)
        )
    if "：" in name:
        return gettext("; write ':' and a space for the full-width colon")
    if name.isdecimal() and one.node.value is None:
        return gettext("; in numbers write a point, as in 0.6, not a comma")
    if not name.isascii() and not did_you_mean(name, allowed):
        return gettext("; names are English, here {allowed}").format(allowed=listed(allowed, "and"))
    return ""


def _lawless(one: _Complaint) -> Said:
    laws = [name for option in models_at(one.model, one.where) if (name := law(option))]
    return Problem(one.key, one.path, gettext("must say its law: {laws}").format(laws=listed(laws))), ""


def _no_such_law(one: _Complaint) -> Said:
    given = one.node.child("law") or one.node
    allowed = one.context["expected_tags"]
    message = gettext("must be {rsplit}").format(rsplit=" or ".join(allowed.rsplit(", ", 1)))
    return Problem(given.place, join(one.path, "law"), message), _found(given.value, {"expected": allowed})


def _said_by_a_model(one: _Complaint) -> Said:
    """Take over a sentence from the models; a leading `name:` leads to the setting it is about."""
    message = str(one.context["error"])
    name, colon, rest = message.partition(": ")
    if colon and name in settings_at(one.model, one.where):
        child = one.node.child(name)
        return Problem(child.place if child else one.key, join(one.path, name), rest), ""
    if isinstance(one.node.value, dict):
        return Problem(one.key, one.path, message), ""
    return Problem(one.node.place, one.path, message), _found(one.node.value, {})


_SPECIAL = {
    "missing": _missing,
    "extra_forbidden": _unknown,
    "union_tag_not_found": _lawless,
    "union_tag_invalid": _no_such_law,
    "value_error": _said_by_a_model,
}


def _locate(root: Node, where: Where, path: str) -> tuple[Node, str]:
    """Follow a location as far as the file goes; what is not in the file (names of laws) is passed over."""
    node = root
    for part in where:
        child = node.child(part)
        if child is not None:
            node, path = child, join(path, str(part))
    return node, path


def _found(value: Any, context: dict[str, Any]) -> str:
    """End a sentence with what was found, and with the nearest of the allowed words."""
    if "actual_length" in context:
        return gettext(", found {actual_length}").format(actual_length=context["actual_length"])
    allowed = re.findall(r"'([^']*)'", context.get("expected", ""))
    return gettext(", found {value}{did_you_mean}").format(
        value=found(value), did_you_mean=did_you_mean(value, allowed) if isinstance(value, str) else ""
    )


def _either(rules: Iterable[str]) -> str:
    first, *others = rules
    return gettext(" or ").join([first, *(rule.removeprefix(gettext("must be ")) for rule in others)])
