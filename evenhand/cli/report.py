"""`evenhand report --stress-des`: the reporting checklist of a run, as far as the run can fill it."""

from __future__ import annotations

from pathlib import Path

from evenhand.analysis.report import stress
from evenhand.analysis.runs.atomic import whole
from evenhand.errors import UsageError
from evenhand.storage.output_path import SCREEN, check_file
from evenhand.storage.run_dir import read_manifest


def carry_out(folder: Path, out: Path | None, *, stress_des: bool, force: bool, verify: bool) -> None:
    """Print the checklist of a run, or write it to a file. Raises UsageError, OSError."""
    if not stress_des:
        raise UsageError("report: must be told which checklist; there is --stress-des")
    check_file(out, force=force, inputs=[folder], instead=SCREEN)
    manifest = read_manifest(folder, verify=verify)
    try:
        text = stress.stress_des(manifest)
    except (KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"'{folder}' cannot be reported: its manifest is damaged") from error
    if out is None:
        print(text, end="")
        return
    with whole(out) as unfinished:
        unfinished.write_text(text, encoding="utf-8")
    print(f"Checklist: {out}")
