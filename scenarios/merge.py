"""Takes provenance out of a tree, and lays a patch over its base."""

from __future__ import annotations

from dataclasses import replace

from evenhand.locale.current import gettext
from evenhand.scenarios.plausible import RELATIVE, plausible
from evenhand.scenarios.problems import Problem, clean, found, listed
from evenhand.scenarios.provenance import CONFIDENCES, KEYS, NONE, PLAUSIBLE, TEXTS, Plausible, Provenance
from evenhand.scenarios.yaml import Node
from evenhand.sim.scenario.suggest import did_you_mean


def settle(node: Node, problems: list[Problem], path: str = "", inherited: Provenance = NONE) -> Node:
    """Take the provenance keys and `{value: ...}` wrappers out of a tree and mark each node with them.

    Each key holds for everything below until a deeper one overrides it; a note ends besides where
    another source or confidence begins. A mapping with `law` is a
    model that may have a `value` of its own, any other with a scalar or list as `value` is a wrapper.
    """
    if isinstance(node.value, tuple):
        items = (settle(item, problems, f"{path}.{i}", inherited) for i, item in enumerate(node.value))
        return replace(node, value=tuple(items), provenance=inherited)
    if not isinstance(node.value, dict):
        return replace(node, provenance=inherited)
    stated = {key: _stated(key, node.value[key], problems, path) for key in TEXTS if key in node.value}
    if "source" in stated or "confidence" in stated:
        inherited = inherited._replace(note="")  # it was said of another source
    told = dict(zip(TEXTS, inherited[:3], strict=True)) | stated
    own = Provenance(told["source"], told["confidence"], told["note"], inherited.plausible)
    rest = {key: child for key, child in node.value.items() if key not in KEYS}
    if PLAUSIBLE in node.value:
        own = own._replace(plausible=_range(node, "value" in rest, problems, join(path, PLAUSIBLE)))
    if "value" in rest and "law" not in rest and not isinstance(rest["value"].value, dict):
        for key in rest.keys() - {"value"}:
            hint = did_you_mean(key, KEYS) or gettext("; allowed beside 'value' are {keys}").format(
                keys=listed(KEYS, "and")
            )
            problems.append(
                Problem(
                    rest[key].key or node.place,
                    join(path, key),
                    gettext("unknown setting{hint}").format(hint=hint),
                )
            )
        return replace(settle(rest["value"], problems, path, own), key=node.key, wrapped=True)
    children = {key: settle(child, problems, join(path, key), own) for key, child in rest.items()}
    return replace(node, value=children, provenance=own)


def join(path: str, key: str) -> str:
    """Append a key to a dotted path."""
    return f"{path}.{clean(key)}" if path else clean(key)


def _stated(key: str, node: Node, problems: list[Problem], path: str) -> str:
    said = node.value
    if key == "confidence" and said not in CONFIDENCES:
        message = gettext("must be {confidences}, found {said}{did_you_mean}").format(
            confidences=listed(CONFIDENCES),
            said=found(said),
            did_you_mean=did_you_mean(str(said), CONFIDENCES),
        )
        problems.append(Problem(node.place, join(path, key), message))
    elif isinstance(said, (dict, tuple)) or said is None:
        problems.append(
            Problem(
                node.place, join(path, key), gettext("must be text, found {said}").format(said=found(said))
            )
        )
    else:
        return str(said)
    return ""


def _range(node: Node, beside: bool, problems: list[Problem], path: str) -> Plausible | None:
    """The range that is written in a mapping: beside its `value`, or for all that is in the group."""
    assert isinstance(node.value, dict)
    read = plausible(node.value[PLAUSIBLE], problems, path)
    if read is None or beside:
        return read
    if read.way not in RELATIVE:
        said = gettext("is for one value; for a group write how wide its ranges are, as in {{factor: 1.5}}")
        said = said.format()
        problems.append(Problem(read.place, path, said))
        return None
    return read._replace(own=False)


def merge(base: Node, change: Node) -> Node:
    """Lay a patch over its base: mappings merge, everything else is replaced.

    A law of another kind replaces the old one whole, since their parameters have nothing in common, and so
    does what says `!replace`, such as groups that have nothing to do with those of the base.
    What the patch gives has the provenance of the patch alone: a citation never covers a changed value.
    """
    if not isinstance(base.value, dict) or change.replaces:
        return change
    if change.wrapped and "value" in base.value:  # {value: 4 h} over {law: constant, value: 3 h}
        inner = replace(change, wrapped=False)
        change = replace(inner, value={"value": inner})
    if not isinstance(change.value, dict) or _other_law(base.value, change.value):
        return change
    merged = dict(base.value)
    for key, node in change.value.items():
        merged[key] = merge(merged[key], node) if key in merged else node
    return replace(change, value=merged)


def _other_law(base: dict[str, Node], change: dict[str, Node]) -> bool:
    return "law" in change and ("law" not in base or base["law"].value != change["law"].value)
