"""`evenhand bundle`: one archive of a result, and whether another machine makes the same numbers."""

from __future__ import annotations

from pathlib import Path

from evenhand import jobs
from evenhand.cli.console import print_json
from evenhand.cli.errors import plain, refused
from evenhand.cli.progress import printed
from evenhand.jobs.archive import Checked
from evenhand.storage.bundle import pack
from evenhand.storage.output_path import check_file


def carry_out(folder: Path, out: Path | None, *, force: bool, as_json: bool) -> None:
    """Pack a folder and say where. Raises UsageError, OSError."""
    place = out or folder.with_name(f"{folder.resolve().name}.zip")
    check_file(place, force=force, inputs=[folder])
    files = pack(folder, place)
    if as_json:
        print_json({"bundle": str(place), "files": files, "bytes": place.stat().st_size})
    else:
        print(f"Bundle: {place} ({files} files, {place.stat().st_size / 1e6:.1f} MB)")
        print("Check:  evenhand bundle --check, on any machine")


def check_again(archive: Path, workers: int | None, *, run_code: bool, as_json: bool) -> bool:
    """Run again what an archive holds and say what differs; whether nothing does. Raises UsageError."""
    with refused(), printed() as show:
        found = jobs.rerun(archive, run_code=run_code, workers=workers, on_event=show)
    if as_json:
        print_json({"same": found.same, **found._asdict()})
    else:
        _tell(found)
    return found.same and found.numbers > 0


def _tell(found: Checked) -> None:
    for one in found.versions:
        print(plain(f"Version: {one}"))
    for one in found.unchecked:
        print(plain(f"Not run again: {one}"))
    for one in found.apart:
        print(plain(f"Differs: {one}"))
    if not found.numbers:
        print("Nothing was run again; the files are as they were packed.")
    elif found.same:
        print(f"The same to the bit: {found.numbers:,} numbers of this {found.kind}, run again here.")
    else:
        print(f"Not the same: {found.numbers:,} numbers of this {found.kind} were compared.")
