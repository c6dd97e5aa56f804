"""The journal of a search: what was asked for, and every trial that is over, one line of JSON each.

A search that goes on asks its sampler for the same values again, in the same order, and takes their losses
from here instead of simulating. So the sampler ends up in the state in which it would be, and a search that
was broken off anywhere finds what an unbroken one finds.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import fields
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from platform import python_version
from typing import Any

import numpy as np

from evenhand.analysis.calibration.log import Log
from evenhand.analysis.calibration.mapping import Mapping as Columns
from evenhand.analysis.metrics.apart import told
from evenhand.analysis.runs.digest import CHECKSUM, holds, of_content, sealed
from evenhand.locale.current import gettext
from evenhand.sim.jit.cache import source_hash
from evenhand.sim.policy.policy import Policy
from evenhand.sim.scenario.scenario import Scenario

KIND = "evenhand calibrate"
LIBRARIES = ("numpy", "scipy", "numba", "simpy", "optuna", "cmaes")
"""What the values that are tried, or their losses, could depend on."""


class BadJournal(ValueError):
    """A journal that cannot be gone on with; one line that names the file and says why."""


class Journal:
    """The trials of searches, in memory and on disk; each is on the disk before the next begins."""

    def __init__(self, path: Path, asked: Mapping[str, Any]) -> None:
        """Open a journal, or begin one. Raises BadJournal where it is another's or damaged, OSError.

        `asked` is all that the losses depend on, as JSON has it.
        """
        self.path = path
        self._head = {"kind": KIND, **json.loads(json.dumps(asked))}
        self._done: dict[tuple[str, int], dict[str, Any]] = {}
        if not self._read():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"")
            self._append(self._head)

    def __len__(self) -> int:
        """Trials on record."""
        return len(self._done)

    def loss(self, search: str, number: int, values: Mapping[str, float]) -> float | None:
        """The loss of a trial of a search, None where it has not been made. Raises BadJournal.

        The values are those that the sampler asks for; others on record mean another search.
        """
        record = self._done.get((search, number))
        if record is None:
            return None
        if record["values"] != dict(values):
            raise BadJournal(
                gettext(
                    "'{path}': trial {number} tried other values than are due now; begin a new journal"
                ).format(path=self.path, number=number + 1)
            )
        return float(record["loss"])

    def keep(self, search: str, number: int, values: Mapping[str, float], loss: float) -> None:
        """Put a trial on record. Raises OSError."""
        record = {"search": search, "trial": number, "values": dict(values), "loss": loss}
        self._append(record)
        self._done[search, number] = record

    def _append(self, record: Mapping[str, Any]) -> None:
        line = json.dumps(sealed(record), ensure_ascii=False) + "\n"
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND)
        try:
            rest = line.encode()
            while rest:
                rest = rest[os.write(handle, rest) :]
            os.fsync(handle)
        finally:
            os.close(handle)

    def _read(self) -> bool:
        """Take over what is there; gives whether there is anything."""
        if not self.path.exists():
            return False
        if not self.path.is_file():
            raise BadJournal(gettext("'{path}' is not a file").format(path=self.path))
        content = self.path.read_bytes()
        whole, newline, torn = content.rpartition(b"\n")
        if not newline:  # killed while the first line was written, or a file of somebody else
            first = json.dumps(sealed(self._head), ensure_ascii=False).encode()
            if not first.startswith(torn):
                raise BadJournal(
                    gettext("'{path}' is not the journal of a calibration; name another file").format(
                        path=self.path
                    )
                )
            return False
        lines = whole.split(b"\n")
        self._same(_record(lines[0]))
        for number, line in enumerate(lines[1:], start=2):
            record = _record(line)
            if record is None or {"search", "trial", "values", "loss"} - record.keys():
                raise BadJournal(
                    gettext("{path}:{number}: is damaged; begin a new journal, or remove this line").format(
                        path=self.path, number=number
                    )
                )
            self._done[record["search"], record["trial"]] = record
        if torn:  # killed while a trial was written: it is made anew
            os.truncate(self.path, len(whole) + 1)
        return True

    def _same(self, head: Mapping[str, Any] | None) -> None:
        if head is None or head.get("kind") != KIND:
            raise BadJournal(
                gettext("'{path}' is not the journal of a calibration; name another file").format(
                    path=self.path
                )
            )
        apart = told({key: value for key, value in head.items() if key != CHECKSUM}, self._head)
        if apart:
            raise BadJournal(
                gettext("'{path}' is the journal of another search: {apart}; name another file").format(
                    path=self.path, apart=apart
                )
            )


def named(name: str, *parts: Any) -> str:
    """A name for one of the searches of a journal, which no search that begins otherwise has."""
    return f"{name}-{of_content(parts)[:16]}"


def asked(
    log: Log, columns: Columns, base: Scenario, policy: Policy, seed: int, replications: int
) -> dict[str, Any]:
    """All that the losses of a calibration depend on; of the log its rows, whatever its file is called."""
    return {
        "log": {
            "first": str(log.start),
            "last": str(log.last),
            "disputes": len(log),
            "rows": _rows_of(log),
        },
        "mapping": columns.model_dump(mode="json"),
        "base": _hash_of(base),
        "policy": _hash_of(policy),
        "seed": seed,
        "worlds": replications,
        "sources": source_hash(),
        "versions": {"python": python_version(), **{name: metadata.version(name) for name in LIBRARIES}},
    }


def _hash_of(model: Scenario | Policy) -> dict[str, str]:
    return {"name": model.name, "sha256": of_content(model.model_dump(mode="json", by_alias=True))}


def _rows_of(log: Log) -> str:
    """A hash of every array of a log, and of how its rows were sampled."""
    arrays = {one.name: getattr(log, one.name) for one in fields(log)}
    arrays |= {f"moments.{name}": values for name, values in log.moments.items()}
    hashed = {
        name: sha256(np.ascontiguousarray(values).tobytes()).hexdigest()
        for name, values in arrays.items()
        if isinstance(values, np.ndarray)
    }
    return of_content([hashed, log.by_closing, log.grain])


def _record(line: bytes) -> dict[str, Any] | None:
    """A line as it was written, or None."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) and holds(record) else None
