"""`python -m benchmarks.validity`: runs every study and writes a page."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.validity import condorcet, consent, docket, kept, lean, ombudsman, people, tribunal
from benchmarks.validity.finding import PublishedStudy
from benchmarks.validity.natural.catalogue import NATURAL, WORLDS
from benchmarks.validity.page import html, markdown
from benchmarks.validity.words import amount, holds, interval
from evenhand import scenarios
from evenhand.analysis.report.save import save
from evenhand.storage.output_path import check_file

MEASURED = Path(__file__).with_name("measured.json")
COMMAND = "python -m benchmarks.validity --docs docs/validity.md --force"
STUDIES: dict[str, tuple[Callable[[int], PublishedStudy], int, str]] = {
    "lean": (lean.study, 30, lean.POLICY),
    "docket": (docket.study, 30, ""),
    "ombudsman": (ombudsman.study, 10, ombudsman.POLICY),
    "tribunal": (tribunal.study, 10, tribunal.POLICY),
    "consent": (consent.study, 10, consent.POLICY),
    "condorcet": (condorcet.study, 30, ""),
    "people": (people.study, 6, people.POLICY),
    "ombudsman-people": (ombudsman.with_people, 10, ombudsman.POLICY),
    "tribunal-people": (tribunal.with_people, 10, tribunal.POLICY),
    "consent-people": (consent.with_people, 10, consent.POLICY),
    **{key: (one.study, WORLDS, "") for key, one in NATURAL.items()},
}
"""What runs it, in how many worlds, and the shipped policy that it needs, if any."""
QUICK = 3
"""Worlds with --quick: enough to see that everything runs, too few for verdicts."""


def runnable(key: str) -> bool:
    """Whether the policy that a study needs is shipped."""
    policy = STUDIES[key][2]
    return not policy or policy in {entry.name for entry in scenarios.available()}


def main(arguments: list[str] | None = None) -> int:
    """Run the studies that are asked for, print their verdicts, and write what is asked for."""
    asked = _options(arguments)
    for path, option in ((asked.out, "--out"), (asked.docs, "--docs")):
        if path:
            check_file(path, force=asked.force, option=option)
    known = {} if asked.quick else kept.read(asked.kept)
    studies, missing = dict(known), []
    for key in [] if asked.page else asked.study or STUDIES:
        run, worlds, policy = STUDIES[key]
        if not runnable(key):
            missing.append(f"The study “{key}” was left out: the policy {policy} is not shipped here.")
            print(missing[-1], file=sys.stderr)
            continue
        print(f"{key} ...", file=sys.stderr, flush=True)
        if asked.staff > 1:
            tell(NATURAL[key].staffed(asked.staff).study(QUICK if asked.quick else asked.worlds or worlds))
            continue
        studies[key] = run(QUICK if asked.quick else asked.worlds or worlds)
        tell(studies[key])
        if not asked.quick:
            kept.write(studies, list(STUDIES), asked.kept)
    told = [studies[key] for key in STUDIES if key in studies]
    if asked.quick:
        missing.append(f"Only {QUICK} worlds each: the verdicts mean nothing yet.")
    if asked.out:
        save(html(told, missing), asked.out)
    if asked.docs:
        save(markdown(told, missing, COMMAND), asked.docs)
    return 0


def tell(study: PublishedStudy) -> None:
    """Print a study in a few lines."""
    print(f"{study.title}: {study.verdict.upper()}   ({study.source})")
    for one in study.figures:
        published = one.published or "nothing"
        print(
            f"  {one.name}: published {published}; here {amount(one.value, one.unit)} "
            f"({interval(one)}), n = {one.n:,}; holds: {holds(one)}"
        )


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.validity",
        description="Try published results here, and say which of them come out.",
        epilog=(
            "examples: python -m benchmarks.validity --quick --study condorcet --out validity.html; after "
            "a change of the scenario, python -m benchmarks.validity --only N1,N2 --docs docs/validity.md "
            "--force"
        ),
    )
    parser.add_argument(
        "--study", action="append", default=[], choices=list(STUDIES), help="only this one; repeatable"
    )
    parser.add_argument("--only", type=_names, default=[], help="only these, as in N1,N2")
    parser.add_argument("--worlds", type=int, help="worlds of each study, in place of its own number")
    parser.add_argument(
        "--kept",
        type=Path,
        default=MEASURED,
        help="file of figures: the pages tell what it has of other studies",
    )
    parser.add_argument(
        "--staff", type=int, default=1, help="times the staff at all desks; is printed, and kept nowhere"
    )
    parser.add_argument("--page", action="store_true", help="run nothing, write the pages from what is kept")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} worlds each: does everything run?")
    parser.add_argument("--out", type=Path, help="HTML page to write")
    parser.add_argument("--docs", type=Path, help="Markdown page to write")
    parser.add_argument("--force", action="store_true", help="replace files that are there")
    found = parser.parse_args(arguments)
    found.study = [*found.study, *found.only]
    if found.staff > 1 and not set(found.study) <= set(NATURAL):
        parser.error("--staff: goes with --only or --study and natural experiments alone")
    if found.staff > 1 and (not found.study or found.docs or found.out or found.page):
        parser.error("--staff: prints only; leave --docs, --out and --page, and name the studies")
    if found.staff < 1:
        parser.error(f"--staff: must be 1 or more, found {found.staff}")
    if found.worlds is not None and found.worlds < 2:
        parser.error(f"--worlds: must be 2 or more, found {found.worlds}")
    return found


def _names(text: str) -> list[str]:
    names = text.split(",")
    if unknown := [name for name in names if name not in STUDIES]:
        raise argparse.ArgumentTypeError(f"no such study: {unknown[0]!r}; there are {', '.join(STUDIES)}")
    return names


if __name__ == "__main__":
    sys.exit(main())
