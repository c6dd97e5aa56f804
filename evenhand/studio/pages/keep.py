"""Keeping what a study has found as a file of the user's, written as the commands write it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import FormData

from evenhand import scenarios, sim
from evenhand.jobs.rule_patches import Bases, patch
from evenhand.locale.current import gettext
from evenhand.scenarios.levers import placer
from evenhand.studio.folder import ENDINGS, Folder, NoSuch
from evenhand.studio.pages.page import Refused, text_of

_FILE = re.compile(r"[\w][\w .+-]{0,100}")


def kept_as(
    folder: Folder,
    form: FormData,
    kept: tuple[str, str],
    values: Mapping[str, Any],
    business: tuple[str, ...],
    study_name: str,
) -> str:
    """Write values over the files they were found for, as `evenhand search` writes its candidates.

    Gives the name of the policy file. Raises Refused, BadFile, NoSuch, OSError.
    """
    stem = text_of(form, "name").strip().removesuffix(".yaml")
    if not _FILE.fullmatch(stem):
        raise Refused(gettext("“{name}” cannot be the name of a file").format(name=stem[:80]))
    paths = [folder.file(f"{stem}.yaml"), folder.file(f"{stem}-scenario.yaml")]
    if any(path.exists() or path.is_symlink() for path in paths):
        raise Refused(
            gettext("“{name}” is there already; choose another name").format(name=f"{stem}.yaml"), 409
        )
    bases = Bases(*(_base(folder, one) for one in kept))
    rules = scenarios.read(bases.policy, "policy").model
    market = scenarios.read(bases.scenario, "scenario").model
    assert isinstance(rules, sim.Policy)
    assert isinstance(market, sim.Scenario)
    try:
        models = placer(market, rules, business)(values)
    except (ValueError, TypeError) as error:
        raise Refused(str(error)) from None
    title = gettext("{rules}, from {study}").format(rules=rules.title or rules.name, study=study_name)
    made = patch(stem, title, (market, rules), models, bases, folder.path)
    if made.policy is None:
        if made.scenario is None:
            raise Refused(gettext("this candidate changes nothing"))
        return made.scenario.name
    return made.policy.name


def _base(folder: Folder, name: str) -> str:
    """A shipped name, or a file of the folder by its path; a study never leads elsewhere. Raises NoSuch."""
    if not name.endswith(ENDINGS):
        return name
    path = folder.file(name.replace("\\", "/").rpartition("/")[2])
    if not path.is_file():
        raise NoSuch(name)
    return str(path)
