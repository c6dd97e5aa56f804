"""Shifts: how many staff a desk has, from which hour on."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from evenhand.sim.jit.structs import dtype_of
from evenhand.sim.sampling.world_rows import Shift
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.vocabulary import DESKS


def staff_by_day(scenario: Scenario, desk: int, days: int) -> NDArray[np.int64]:
    """Staff of a desk on each day of a run; a desk that the scenario lacks has one. Shape (days,)."""
    found = getattr(scenario.desks, DESKS[desk])
    staff = np.full(days, found.staff if found else 1, np.int64)
    for shift in found.shifts if found else ():
        first, last = ((day - scenario.start).days for day in (shift.first, shift.last))
        staff[max(first, 0) : max(last + 1, 0)] = shift.staff
    return staff


def shifts_of(scenario: Scenario, days: int) -> NDArray[Any]:
    """Rows of `Shift`: every change of staff at a midnight after the first day, in order of time."""
    found = []
    for desk in range(len(DESKS)):
        staff = staff_by_day(scenario, desk, days)
        changes = np.flatnonzero(np.diff(staff)) + 1
        found += [(24.0 * day, desk, int(staff[day])) for day in changes.tolist()]
    return np.array(sorted(found), dtype_of(Shift))
