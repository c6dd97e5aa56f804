"""`evenhand bundle`: one archive of a result, and whether another machine makes the same numbers."""

from __future__ import annotations

from pathlib import Path

from evenhand import jobs
from evenhand.cli.console import print_json
from evenhand.cli.errors import plain
from evenhand.cli.progress import printed
from evenhand.errors import refused
from evenhand.jobs.archive import Checked, said_of
from evenhand.locale.current import gettext
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
        print(
            gettext("Bundle: {place} ({files} files, {size:.1f} MB)").format(
                place=place, files=files, size=place.stat().st_size / 1_000_000
            )
        )
        print(gettext("Check:  evenhand bundle --check, on any machine"))


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
    for one in said_of(found):
        print(plain(one))
