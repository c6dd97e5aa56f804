"""Rules about the course of a case, in the terms of DECLARE: data, not code.

Templates are those of DECLARE (van der Aalst, Pesic and Schonenberg 2009, "Declarative workflows"), with
conditions on time, resources and data as in MP-Declare (Burattin, Maggi and Sperduti 2016, "Conformance
checking based on multi-perspective declarative process models"). An activation is what calls for judgement; a
target is what must, or must not, go with it.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field, model_validator

from evenhand.locale.current import gettext
from evenhand.sim.scenario.base import Model
from evenhand.sim.scenario.units import Window, parse_window

Unary = Literal["existence", "absence", "exactly", "init", "end"]
Binary = Literal[
    "responded_existence",
    "co_existence",
    "response",
    "alternate_response",
    "chain_response",
    "precedence",
    "alternate_precedence",
    "chain_precedence",
    "succession",
    "alternate_succession",
    "chain_succession",
    "not_co_existence",
    "not_succession",
    "not_chain_succession",
    "choice",
    "exclusive_choice",
]
Template = Literal[Unary, Binary]
UNARY: tuple[str, ...] = get_args(Unary)
COUNTED = {"existence": "least", "absence": "most", "exactly": "times"}
TIMED = {
    "response",
    "alternate_response",
    "chain_response",
    "precedence",
    "alternate_precedence",
    "chain_precedence",
    "succession",
    "alternate_succession",
    "chain_succession",
    "not_succession",
    "not_chain_succession",
}
"""Templates that are about an order of events, so that the time between them can be asked for."""
ONE_WAY = {
    "responded_existence",
    "response",
    "alternate_response",
    "chain_response",
    "precedence",
    "alternate_precedence",
    "chain_precedence",
    "not_co_existence",
    "not_succession",
    "not_chain_succession",
}
"""Templates that every case without an activation keeps."""
ANY = "*"
SETTING = "$"
"""What begins so is a setting of the policy: `$windows.review`, or a sum, `$windows.a + $windows.b`."""


def _several(given: Any) -> Any:
    """One activity or a list of them."""
    return (given,) if isinstance(given, str) else given


def _limit(given: Any) -> Any:
    """A duration, or a setting that is one, or a sum of such settings."""
    return given if isinstance(given, str) and given.startswith(SETTING) else parse_window(given)


Activities = Annotated[tuple[str, ...], BeforeValidator(_several, json_schema_input_type=str | list[str])]
Limit = Annotated[str | Window, BeforeValidator(_limit, json_schema_input_type=str | float)]
Count = Annotated[int, Field(strict=True, ge=0)] | Annotated[str, Field(pattern=r"^\$")]
Scalar = bool | int | float | str | None


class NumberRange(Model):
    """Values from below or above a bound, which may be a setting."""

    below: int | float | str | None = None
    above: int | float | str | None = None


class Rule(Model):
    """One rule: what must hold in every case."""

    says: str = ""
    """The rule in a sentence, for those who read the violations."""
    template: Template
    activation: Activities
    """Activities that call for judgement; `*` is any."""
    target: Activities = ()
    """Activities that must, or must not, go with an activation."""
    among: Activities = ()
    """Look at these activities only, as if the others were not in the log."""
    by: Activities = ()
    """Only activations by such resources, as in `arbiter *`."""
    resource: Literal["same", "different"] | None = None
    """A target counts only if its resource is the activation's, or is another."""
    within: Limit | None = None
    """A target counts only if no more time than this lies between."""
    at_least: Limit | None = None
    """A target counts only if no less time than this lies between."""
    beyond: Limit | None = None
    """A target counts only if more time than this lies between."""
    before: Limit | None = None
    """A target counts only if less time than this lies between."""
    least: Count = 1
    """For `existence`: how often at least."""
    most: Count = 0
    """For `absence`: how often at most."""
    times: Count = 1
    """For `exactly`: how often."""
    cases: dict[str, Scalar | tuple[Scalar, ...] | NumberRange] = Field(default_factory=dict)
    """Only cases whose attributes have these values."""
    given: dict[str, Scalar | tuple[Scalar, ...]] = Field(default_factory=dict)
    """Only under policies whose settings have these values."""

    @model_validator(mode="after")
    def _fits_its_template(self) -> Rule:
        unary = self.template in UNARY
        if unary and self.target:
            raise ValueError(gettext("target: '{template}' has none").format(template=self.template))
        if not unary and not self.target:
            raise ValueError(gettext("target: must be given for '{template}'").format(template=self.template))
        for name in ("within", "at_least", "beyond", "before"):
            if getattr(self, name) is not None and self.template not in TIMED:
                raise ValueError(
                    gettext("{name}: '{template}' is not about an order of events").format(
                        name=name, template=self.template
                    )
                )
        if self.resource is not None and self.template not in TIMED:
            raise ValueError(
                gettext("resource: '{template}' is not about an order of events").format(
                    template=self.template
                )
            )
        for template, name in COUNTED.items():
            if name in self.model_fields_set and self.template != template:
                raise ValueError(
                    gettext("{name}: is for '{template}', found '{template_2}'").format(
                        name=name, template=template, template_2=self.template
                    )
                )
        return self

    @property
    def named(self) -> frozenset[str]:
        """The activities that the rule is about, by name."""
        return frozenset((*self.activation, *self.target)) - {ANY}

    def limits(self) -> dict[str, str | Window]:
        """The conditions on time that the rule has, by name."""
        named = {name: getattr(self, name) for name in ("within", "at_least", "beyond", "before")}
        return {name: value for name, value in named.items() if value is not None}


class Rules(Model):
    """A set of rules, and what ends a case."""

    kind: Literal["rules"] = "rules"
    title: str
    description: str = ""
    ends: Activities = ()
    """Activities after which a case is over. A case without any is still open: what it lacks may yet come."""
    rules: Annotated[dict[str, Rule], Field(min_length=1)]

    def attributes(self) -> tuple[str, ...]:
        """Attributes of cases that any rule asks for."""
        return tuple(dict.fromkeys(name for rule in self.rules.values() for name in rule.cases))
