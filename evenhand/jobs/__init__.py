"""Jobs: what the commands do, as functions that print nothing, touch no signal, and run in any thread.

Each takes `on_event`, which is told of every step as data (`Event`), and `cancelled`, which is asked
several times a second whether to stop; `Stopped` is raised then, and whole parts are kept. Everything is
loaded when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenhand.lazy import lazy

if TYPE_CHECKING:
    from evenhand.jobs.advising import advise, advise_one
    from evenhand.jobs.archive import rerun
    from evenhand.jobs.attribution import attribute
    from evenhand.jobs.audits import audit
    from evenhand.jobs.calibration import calibrate, check_fit
    from evenhand.jobs.comparison import compare, select
    from evenhand.jobs.compilation import warm
    from evenhand.jobs.event import Event, Stopped
    from evenhand.jobs.fairness_panel import fairness
    from evenhand.jobs.gating import accept, gate
    from evenhand.jobs.parameter_sweep import sweep
    from evenhand.jobs.robustness import robust
    from evenhand.jobs.rule_search import search
    from evenhand.jobs.rule_target import goal
    from evenhand.jobs.simulation import key, resume, run, simulate

__all__ = [
    "Event",
    "Stopped",
    "accept",
    "advise",
    "advise_one",
    "attribute",
    "audit",
    "calibrate",
    "check_fit",
    "compare",
    "fairness",
    "gate",
    "goal",
    "key",
    "rerun",
    "resume",
    "robust",
    "run",
    "search",
    "select",
    "simulate",
    "sweep",
    "warm",
]

__getattr__, __dir__ = lazy(
    __name__,
    __all__,
    {
        "event": ("Event", "Stopped"),
        "compilation": ("warm",),
        "simulation": ("key", "resume", "run", "simulate"),
        "comparison": ("compare", "select"),
        "advising": ("advise", "advise_one"),
        "parameter_sweep": ("sweep",),
        "rule_search": ("search",),
        "rule_target": ("goal",),
        "archive": ("rerun",),
        "robustness": ("robust",),
        "audits": ("audit",),
        "attribution": ("attribute",),
        "fairness_panel": ("fairness",),
        "calibration": ("calibrate", "check_fit"),
        "gating": ("accept", "gate"),
    },
)
