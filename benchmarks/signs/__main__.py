"""`python -m benchmarks.signs`: run the paired worlds of every sign, print them, and write their page."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from time import monotonic

from benchmarks.signs.catalogue import SIGNS
from benchmarks.signs.page import holds, markdown
from evenhand.analysis.report.save import save
from evenhand.storage.output_path import check_file
from tests.support.signs.effect import Effect


def main(arguments: list[str] | None = None) -> int:
    """Measure the signs that are asked for; 1 where one of them does not hold at all."""
    asked = _options(arguments)
    if asked.docs:
        check_file(asked.docs, force=asked.force, option="--docs")
    measured: dict[int, list[list[Effect]]] = {}
    for sign in SIGNS:
        if asked.only and sign.number not in asked.only:
            continue
        begun = monotonic()
        measured[sign.number] = [trial.effects() for trial in sign.trials]
        verdict = holds(sign, measured[sign.number])
        print(f"{sign.number}. {sign.rule} {verdict.upper()}   ({monotonic() - begun:.0f} s)", flush=True)
        for effects in measured[sign.number]:
            for effect in effects:
                print(f"   {effect}{'' if effect.holds else '   DOES NOT HOLD'}")
    if asked.docs:
        save(markdown(measured), asked.docs)
    return int(any(holds(one, measured[one.number]) == "no" for one in SIGNS if one.number in measured))


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.signs", description="Measure the fifteen signs in paired worlds."
    )
    parser.add_argument("--only", type=_numbers, default=[], help="only these, as in 1,9; writes no page")
    parser.add_argument("--docs", type=Path, help="Markdown page to write")
    parser.add_argument("--force", action="store_true", help="replace a page that is there")
    found = parser.parse_args(arguments)
    if found.docs and found.only:
        parser.error("--docs: goes with all signs; leave --only")
    return found


def _numbers(text: str) -> list[int]:
    known = {str(one.number) for one in SIGNS}
    if unknown := [part for part in text.split(",") if part not in known]:
        raise argparse.ArgumentTypeError(f"no such sign: {unknown[0]!r}; there are 1 to {len(SIGNS)}")
    return [int(part) for part in text.split(",")]


if __name__ == "__main__":
    sys.exit(main())
