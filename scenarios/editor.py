"""Changes settings in a file and leaves the rest as its author wrote it: comments, order, spacing.

What is written is the least patch. A setting that gets the value of the base again loses its line, since a
patch says only what differs; a setting that is not named stays, even where it repeats its base, because
its author wrote it. A citation never covers a changed value: what stood beside or above the old one is
replaced by a mark that the value was changed by hand.
"""

from __future__ import annotations

import difflib
import os
from collections import Counter
from collections.abc import Callable, Mapping
from io import StringIO
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from evenhand.locale.current import gettext
from evenhand.renamed import SETTINGS, current
from evenhand.scenarios.catalogue import Kind, label
from evenhand.scenarios.changes import base_of, parsed
from evenhand.scenarios.check import check_text
from evenhand.scenarios.forms import form
from evenhand.scenarios.merge import settle
from evenhand.scenarios.problems import BadFile, Place, bad
from evenhand.scenarios.provenance import KEYS
from evenhand.scenarios.reader import Loaded
from evenhand.scenarios.typed import as_typed
from evenhand.scenarios.words import meant_by
from evenhand.scenarios.yaml import Node, parse, read_text


class _Back:
    """Stands for the value of the base, or the built-in default where there is no base."""

    def __repr__(self) -> str:
        return "BACK"


BACK: Final = _Back()
EDITED: Mapping[str, str] = {"source": "changed by hand", "confidence": "assumed"}
"""What is written beside a changed value that would otherwise stand under a citation."""
_WIDTH = 1_000_000
Write = Callable[[Path, str], None]


def edit(file: str | os.PathLike[str], changes: Mapping[str, Any], write: Write) -> str:
    """Change settings of a file on disk, and give its new text.

    `write` puts the text in the place of the file; it is called only when everything is valid and something
    has changed. Raises BadFile with every mistake; the file is as it was then.
    """
    path = Path(file)
    before = read_text(path, label(path))
    after = edited(before, changes, path.name, folder=path.parent)
    if after != before:
        write(path, after)
    return after


def edited(
    text: str,
    changes: Mapping[str, Any],
    name: str,
    *,
    kind: Kind | None = None,
    folder: str | os.PathLike[str] | None = None,
) -> str:
    """The text of a file with other values, by dotted path; checked as a whole before it is given.

    A value is written as in a file (`3 d`, `[buyer]`, a mapping for a law), or is what `form` gives;
    `BACK` takes a setting back to the base. `{value: ..., source: ...}` gives a source with the value.
    Raises BadFile for a text that is not sound, for unknown paths and for values that are not allowed;
    lines and columns are then those of the text as it would have become.
    """
    changes = {current(path, SETTINGS): value for path, value in changes.items()}
    now = _sound(text, name, kind, folder)
    below = base_of(text, name, now.kind, folder)
    was = form(now.model)
    new = {
        path: value
        for path, value in changes.items()
        if value is BACK or _has_source(value) or path not in was or was[path] != value
    }  # what is as it was needs no place in the file, which may not even hold the list that it stands in
    wanted = form(_sound(_with(text, new, name), name, now.kind, folder).model)
    under = form(below.model) if below else {}
    needed = dict(new)
    for path in new.keys() & wanted.keys():
        if changes[path] is BACK:
            continue
        if wanted[path] == was.get(path) and not _has_source(changes[path]):
            del needed[path]
        elif path in under and wanted[path] == under[path] and not _has_source(changes[path]):
            needed[path] = BACK
        elif isinstance(changes[path], str) and not isinstance(wanted[path], str):
            needed[path] = wanted[path]  # typed as 60%, or as a choice of "yes"
    after = _with(text, needed, name)
    _nothing_else(was, form(_sound(after, name, now.kind, folder).model), changes, name)
    return after


def _sound(text: str, name: str, kind: Kind | None, folder: str | os.PathLike[str] | None) -> Loaded:
    """What a text says. Raises BadFile."""
    seen = check_text(text, name, kind, folder)
    if seen.loaded is None:
        raise BadFile(seen.problems)
    return seen.loaded


def _nothing_else(was: dict[str, Any], now: dict[str, Any], changes: Mapping[str, Any], name: str) -> None:
    """Raise BadFile where a setting has moved that nobody named: it shares its lines with one that was."""
    for path in was.keys() | now.keys():
        asked = any(f"{path}.".startswith(f"{one}.") or one.startswith(f"{path}.") for one in changes)
        if path not in was and any(_share_a_new_group(path, one, was) for one in changes):
            continue  # what a new exception leaves out
        if was.get(path) != now.get(path) and not asked:
            said = gettext(
                "would change as well, since it shares its lines ('&' and '*'); write them out first"
            )
            raise bad(Place(name), said, path)


def _share_a_new_group(path: str, other: str, was: Mapping[str, Any]) -> bool:
    """Whether two settings stand in a group that was not there before."""
    stems = set(accumulate(path.split("."), "{}.{}".format)) & set(
        accumulate(other.split("."), "{}.{}".format)
    )
    return any(not any(f"{one}.".startswith(f"{stem}.") for one in was) for stem in stems)


def _with(text: str, changes: Mapping[str, Any], name: str) -> str:
    """The text with other values, unchecked; every line that need not change stays as it is."""
    typed = as_typed(text).text
    yaml = _style(typed)
    document = yaml.load(typed)
    before = _dumped(document, yaml)
    own = settle(parsed(text, name), [])
    for path, value in changes.items():
        parts = path.split(".")
        if value is BACK:
            _remove(document, parts)
        else:
            _put(document, parts, _marked(value, own, parts), name)
    rendered = _dumped(document, yaml)
    least = _least(text, before, rendered)
    # an author who indents in several ways may leave no way to put the two together
    return least if _says(least) == _says(rendered) else rendered


def _says(text: str) -> Any:
    """The bare values of a text; nothing where it is not YAML."""
    try:
        return parse(text, "", []).data()
    except BadFile:
        return None


def _style(text: str) -> YAML:
    """A reader and writer that indents as most of the text does."""
    groups, lists = Counter[int](), Counter[int]()
    lines = [
        line.rstrip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")
    ]
    for above, line in pairwise(lines):
        deeper = len(line) - len(line.lstrip()) - (len(above) - len(above.lstrip()))
        if above.partition(" #")[0].rstrip().endswith(":") and not above.lstrip().startswith("- "):
            (lists if line.lstrip().startswith("- ") else groups)[deeper] += 1
    step = max(1, groups.most_common(1)[0][0]) if groups else 2
    offset = max(0, lists.most_common(1)[0][0]) if lists else 2
    yaml = YAML()
    yaml.preserve_quotes, yaml.allow_unicode, yaml.width = True, True, _WIDTH
    yaml.indent(mapping=step, sequence=offset + 2, offset=offset)
    return yaml


def _dumped(document: Any, yaml: YAML) -> str:
    out = StringIO()
    yaml.dump(document, out)
    return out.getvalue()


def _least(text: str, before: str, after: str) -> str:
    """Carry over what differs between two renderings, and all else from the text; no comment is lost."""
    ending = "\r\n" if "\r\n" in text else "\n"
    old, shown, new = (part.splitlines() for part in (text, before, after))
    if len(old) != len(shown):  # the author's line breaks inside a value are not ours
        return ending.join([*new, ""])
    lines: list[str] = []
    for what, i, j, k, m in difflib.SequenceMatcher(None, shown, new, autojunk=False).get_opcodes():
        if what == "equal":
            lines += old[i:j]
        else:
            lines += new[k:m]
            remarks = [line for line in old[i:j] if line.lstrip().startswith("#")]
            lines += [line for line in remarks if line not in new[k:m]]
    return ending.join([*lines, ""])


def _marked(value: Any, own: Node, parts: list[str]) -> Any:
    """The value as it is written, with a mark of its own where a citation would otherwise cover it."""
    said = own.provenance
    for part in parts:
        child = own.child(part)
        if child is None:
            break
        own, said = child, child.provenance
    cited = said.source != "" or said.confidence not in ("", "assumed")
    written = _yaml(value)
    if not cited or _has_source(value) or said[:2] == tuple(EDITED.values()) or parts[-1] in _UNCITED:
        return written
    marked = written if isinstance(written, CommentedMap) else CommentedMap(value=written)
    marked.update(EDITED)
    marked.fa.set_flow_style()
    return marked


_UNCITED = ("kind", "name", "title", "description", "base")


def _has_source(value: Any) -> bool:
    return isinstance(value, Mapping) and any(key in value for key in KEYS)


def _yaml(value: Any) -> Any:
    """A value for the writer: groups and lists in one line, as people write laws and choices."""
    if isinstance(value, Mapping):
        group = CommentedMap((key, _yaml(inner)) for key, inner in value.items())
        group.fa.set_flow_style()
        return group
    if isinstance(value, (list, tuple)) and not isinstance(value, str):
        items = CommentedSeq([_yaml(item) for item in value])
        items.fa.set_flow_style()
        return items
    return value


def _put(document: Any, parts: list[str], value: Any, name: str) -> None:
    """Put a value at its path; groups on the way are made where they are missing."""
    at = document
    for depth, part in enumerate(parts[:-1]):
        key = _key(at, part)
        if isinstance(at, CommentedSeq) and not 0 <= int(key) < len(at):
            raise bad(
                Place(name),
                gettext("is in a list that has no such entry here; write the list"),
                ".".join(parts),
            )
        if isinstance(at, CommentedMap) and not isinstance(at.get(key), (CommentedMap, CommentedSeq)):
            if parts[depth + 1].isdecimal():
                said = gettext("is in a list that stands in the base; write the whole list")
                raise bad(Place(name), said, ".".join(parts))
            at[key] = CommentedMap()
        at = at[key]
    key = _key(at, parts[-1])
    if isinstance(at, CommentedSeq) and not 0 <= int(key) < len(at):
        raise bad(
            Place(name), gettext("is in a list that has no such entry here; write the list"), ".".join(parts)
        )
    at[key] = value


def _key(at: Any, part: str) -> Any:
    """The key of a group, in whichever language it is written there, or a position in a list."""
    if isinstance(at, CommentedSeq):
        return int(part) if part.isdecimal() else -1
    return next((key for key in at if key == part or meant_by(str(key)) == part), part)


def _remove(at: Any, parts: list[str]) -> None:
    """Take a setting out, and groups that are empty then."""
    key = _key(at, parts[0])
    if not isinstance(at, CommentedMap) or key not in at:
        return
    if len(parts) == 1:
        del at[key]
        return
    _remove(at[key], parts[1:])
    if isinstance(at[key], CommentedMap) and not at[key].keys() - set(KEYS):
        del at[key]
