"""`evenhand report`: the page of a run once more, in any language, or its reporting checklist."""

from __future__ import annotations

from pathlib import Path

import typer

from evenhand.analysis.report import stress, stress_comparison
from evenhand.analysis.runs.atomic import whole
from evenhand.analysis.runs.background import Background
from evenhand.cli.progress import progress
from evenhand.errors import UsageError
from evenhand.locale.current import gettext, language
from evenhand.storage.output_path import SCREEN, check_file
from evenhand.storage.run_dir import open_stored, read_manifest
from evenhand.storage.saved import is_comparison, read_comparison, read_document


def carry_out(
    folder: Path, out: Path | None, *, stress_des: bool, lang: str, force: bool, verify: bool
) -> None:
    """Print the page or the checklist of a run, or write it to a file. Raises UsageError, OSError."""
    check_file(out, force=force, inputs=[folder], instead=SCREEN)
    text = _checklist(folder, verify=verify) if stress_des else _page(folder, lang, verify=verify)
    if out is None:
        screen = typer.get_binary_stream("stdout")
        screen.write(text.encode("utf-8"))  # as the page says of itself, whatever the console speaks
        screen.flush()
        return
    with whole(out) as unfinished:
        unfinished.write_text(text, encoding="utf-8", newline="\n")
    with language(lang):
        said = gettext("Checklist: {path}") if stress_des else gettext("Report: {path}")
    print(said.format(path=out))


def _checklist(folder: Path, *, verify: bool) -> str:
    if is_comparison(folder):
        return stress_comparison.checklist(read_comparison(folder), read_document(folder))
    manifest = read_manifest(folder, verify=verify)
    try:
        return stress.stress_des(manifest)
    except (KeyError, TypeError, AttributeError) as error:
        raise UsageError(
            gettext("'{folder}' cannot be reported: its manifest is damaged").format(folder=folder)
        ) from error


def _page(folder: Path, lang: str, *, verify: bool) -> str:
    run = open_stored(folder, verify=verify)
    said = Background.of_json(read_manifest(folder, verify=False).get("background"))
    from evenhand.analysis import report  # here, because charts take a while to import

    with language(lang), progress(1) as show:
        show("drawing", 0)
        return report.render(run, background=said)
