"""What was fitted from columns, and the hand that writes it down."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from evenhand.analysis.calibration.arrivals import ArrivalFit
from evenhand.analysis.calibration.delays import Delay, DelaySample
from evenhand.analysis.calibration.field import Field, Fit, Path, Silence
from evenhand.analysis.calibration.log import Log
from evenhand.analysis.calibration.mapping import Mapping
from evenhand.analysis.calibration.merchants import Spread
from evenhand.analysis.calibration.patch import Patch
from evenhand.analysis.calibration.rates import Rates
from evenhand.sim.scenario.scenario import Scenario

DERIVED, ASSUMED = "derived", "assumed"


@dataclass
class Direct:
    """Everything that was fitted without simulating."""

    fields: list[Field] = field(default_factory=list)
    silences: list[Silence] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    """Names of settings that need no search, such as 'reply'."""
    delays: dict[str, Delay] = field(default_factory=dict)
    times: dict[str, DelaySample] = field(default_factory=dict)
    """The delays that these laws were fitted to."""
    rates: Rates | None = None
    mixed: list[Fit] = field(default_factory=list)
    """Share of each cause."""
    wins: Spread | None = None
    arrivals: ArrivalFit | None = None

    @property
    def patch(self) -> Patch:
        """What the fields change."""
        return {one.path: one.value for one in self.fields}


class Maker:
    """Fits one thing after the other; what the log has too little of is a silence, not an error."""

    def __init__(self, log: Log, mapping: Mapping, base: Scenario) -> None:
        self.log, self.mapping, self.base = log, mapping, base
        self.made = Direct()
        self.source = mapping.source or log.name

    def put(
        self,
        path: Path,
        value: Any,
        parts: dict[str, Fit] | None = None,
        note: str = "",
        confidence: str = DERIVED,
    ) -> None:
        """Write a setting down, derived from the log unless it is assumed."""
        source = self.source if confidence == DERIVED else "set by evenhand calibrate"
        self.made.fields.append(Field(path, value, parts or {}, source, confidence, note))

    def silent(self, what: str, why: object) -> None:
        """Write down what the log does not say."""
        self.made.silences.append(Silence(what, str(why)))
