"""JSON Schemas of scenario and policy files, for editors: `python -m evenhand.scenarios.schema` writes them.

They follow from the models. Added is what the reader allows besides: provenance beside every
setting, `{value: ...}` around every leaf, and patches, which have a `base` and need nothing else.
"""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from evenhand.locale.current import gettext
from evenhand.scenarios.catalogue import HOME, KINDS, Kind
from evenhand.scenarios.fields import UNITS, meanings, models
from evenhand.scenarios.layers import MODELS
from evenhand.scenarios.provenance import CONFIDENCES
from evenhand.scenarios.shape import law
from evenhand.sim.scenario.units import ALLOWED, Window

Json = dict[str, Any]

_PROVENANCE: Json = {
    "source": {"type": "string", "description": "Where the value comes from."},
    "confidence": {"enum": list(CONFIDENCES), "description": "How far it can be relied on."},
    "note": {"type": "string", "description": "Anything else that a reader should know."},
    "plausible": {
        "description": "What the value may well be instead: [low, high], alternatives, or how wide.",
        "anyOf": [
            {"type": "array", "minItems": 2},
            {
                "type": "object",
                "properties": {
                    "between": {"type": "array", "minItems": 2, "maxItems": 2},
                    "alternatives": {"type": "array", "minItems": 2},
                    "factor": {"type": "number", "minimum": 1, "description": "Times and over so much."},
                    "odds": {"type": "number", "minimum": 1, "description": "The same of a share's odds."},
                    "plus_minus": {"type": "number", "minimum": 0, "description": "So much to either side."},
                    "because": {"type": "string", "description": "Why, in a sentence."},
                },
                "additionalProperties": False,
            },
        ],
    },
}
PROVENANCE: Json = {key: {"$ref": f"#/$defs/{key}"} for key in _PROVENANCE}
WRAPPED: Json = {
    "type": "object",
    "properties": {"value": True, **PROVENANCE},
    "required": ["value"],
    "additionalProperties": False,
}
SHARED: Json = {**_PROVENANCE, "wrapped": WRAPPED}
_ABOUT = ("title", "description", "default", "x-unit", "x-unit-means", "x-order", "x-allowed")
_ZERO: Json = {"const": 0}
"""The only duration that needs no unit."""
BASE: Json = {"type": "string", "description": "Shipped name or path of the file that this one changes."}


def schema(kind: Kind) -> Json:
    """Build the schema of one kind of file."""
    root = MODELS[kind].model_json_schema(mode="validation")
    whole = {**root.pop("$defs"), "File": root}
    for name, model in models(kind).items():
        _explain(whole.get(name, root), model)
    whole = {name: _annotated(part, whole) for name, part in whole.items()}
    parts = {f"patch.{name}": _patch(part) for name, part in whole.items()}
    parts["patch.File"]["properties"]["base"] = BASE
    for name in {"Reform", "ExceptionRule"} & whole.keys():
        for changing in (whole[name], parts[f"patch.{name}"]):
            told = changing["properties"]["changes"]
            told = {key: told[key] for key in _ABOUT if key in told}
            changing["properties"]["changes"] = {**told, **_ref("patch.File")}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": gettext("Evenhand {kind}").format(kind=kind),
        "type": "object",
        "if": {"required": ["base"]},
        "then": _ref("patch.File"),
        "else": _ref("File"),
        "$defs": dict(sorted((whole | parts | SHARED).items())),
    }


def _explain(part: Json, model: type[BaseModel]) -> None:
    """Add what forms show of each field of a model: label, meaning, unit, order, what is allowed."""
    for name, meaning in meanings(model).items():
        field = part["properties"][name]
        field |= {"title": meaning.label, "description": meaning.description, "x-unit": meaning.unit}
        field |= {"x-order": meaning.order, "x-allowed": meaning.allowed}
        if meaning.unit in UNITS:
            field["x-unit-means"] = gettext(UNITS[meaning.unit])
        if meaning.unit == "duration" and law(model) is None and "anyOf" in field:  # some laws give counts
            field["anyOf"] = [_ZERO if one == {"type": "number"} else one for one in field["anyOf"]]


def path(kind: Kind) -> Path:
    """Say where the schema of a kind is kept."""
    return HOME / "schema" / f"{kind}.schema.json"


def text(kind: Kind) -> str:
    """Give the schema as it stands in its file."""
    return json.dumps(schema(kind), indent=1, ensure_ascii=False) + "\n"


def _ref(name: str) -> Json:
    return {"$ref": f"#/$defs/{name}"}


def _annotated(part: Json, defs: Json) -> Json:
    """Let an object carry provenance, and each of its leaves be wrapped with it."""
    part = deepcopy(part)
    part["properties"] = {name: _setting(inner, defs) for name, inner in part.get("properties", {}).items()}
    part["properties"] |= PROVENANCE
    if isinstance(part.get("additionalProperties"), dict):
        part["additionalProperties"] = _setting(part["additionalProperties"], defs)
    if "propertyNames" in part:
        part["propertyNames"] = {"anyOf": [part["propertyNames"], {"enum": list(PROVENANCE)}]}
    return part


def _setting(part: Json, defs: Json) -> Json:
    """Annotate a setting: a group goes on inside, a leaf may also be wrapped."""
    if "x-unit" not in part:
        part = {key: value for key, value in part.items() if key != "title"}
    if part.get("type") == "object":
        return _annotated(part, defs)
    part = dict(part)
    if "$ref" in part or "oneOf" in part or any("$ref" in option for option in part.get("anyOf", [])):
        part.pop("default", None)  # a group or a law; editors learn more from its parts
        return part
    about: Json = {key: part.pop(key) for key in _ABOUT if key in part}
    if _is_duration(part):
        about["description"] = (
            gettext("{about} Write {allowed}.")
            .format(about=about.get("description", ""), allowed=gettext(ALLOWED))
            .strip()
        )
    if isinstance(about.get("default"), list) and _is_duration(part):
        about["default"] = str(Window(*about["default"]))
    wrapped = {**_ref("wrapped"), "properties": {"value": part}}
    return {**about, "anyOf": [part, wrapped]}


def _is_duration(part: Json) -> bool:
    return part.get("anyOf") in ([{"type": "string"}, {"type": "number"}], [{"type": "string"}, _ZERO])


def _patch(part: Any) -> Any:
    """Make the variant in which nothing is required, of a schema and all that it refers to."""
    if isinstance(part, list):
        return [_patch(item) for item in part]
    if not isinstance(part, dict):
        return part
    patched = {key: _patch(value) for key, value in part.items()}
    if isinstance(part.get("required"), list):  # and not a setting of that name
        del patched["required"]
    if "$ref" in part:
        name = part["$ref"].removeprefix("#/$defs/")
        patched["$ref"] = f"#/$defs/{name}" if name in SHARED else f"#/$defs/patch.{name}"
    if "oneOf" in part:  # parameters of a law without its name fit several laws
        patched["anyOf"] = patched.pop("oneOf")
        patched.pop("discriminator", None)
    return patched


if __name__ == "__main__":
    for each in KINDS:
        path(each).parent.mkdir(exist_ok=True)
        path(each).write_text(text(each), encoding="utf-8")
