"""Code of one's own: files with metrics and decision rules, and what a function says, as a hash.

A decision rule is named behind a policy, `tmall+rules.py:generous`: Tmall's rules, whose desks decide by the
function `generous` of `rules.py`. Such files are run, as any program is.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
from inspect import getclosurevars, getsource, unwrap
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, NamedTuple

from evenhand.locale.current import gettext

_RULE = re.compile(r"(?:(?P<policy>.+)\+)?(?P<file>[^+]+\.py):(?P<function>\w+)")
_PLAIN = (bool, int, float, complex, str, bytes, type(None))
_texts: dict[str, tuple[str, str]] = {}
"""Path and text of every module that was made here, by its name."""


class BadCode(ValueError):
    """A file of one's own that cannot be used; one line that says why, and where."""


class Code(NamedTuple):
    """A function by its name and the SHA-256 of all that it says."""

    name: str
    sha256: str
    file: str = ""
    """The name of the file that it was loaded from (`load`); empty for what a program has defined itself."""

    def as_json(self) -> dict[str, str]:
        """Name, hash and file by name."""
        return self._asdict()


def code_of(function: Callable[..., Any]) -> Code:
    """What a function says: its own text, that of functions it calls, and the constants it reads.

    Of a file that was loaded here the whole text counts. Functions of installed packages count by their
    names, and what has no text, as a partial, by what it is made of.
    """
    name = getattr(function, "__name__", type(function).__name__)
    said = hashlib.sha256()
    for part in _said(function, set()):
        said.update(part.encode() + b"\0")
    home = _home(function)
    return Code(name, said.hexdigest(), Path(home[0]).name if home else "")


def texts_of(functions: Iterable[Callable[..., Any]]) -> dict[str, str]:
    """The texts of the files that some functions were loaded from, by the files' names."""
    return {Path(home[0]).name: home[1] for home in map(_home, functions) if home}


def _home(function: Callable[..., Any]) -> tuple[str, str] | None:
    """Path and text of the file that made a function, or a metric with this function."""
    own = _texts.get(str(getattr(function, "__module__", "")))
    if own is not None or isinstance(function, FunctionType):
        return own
    for name, text in _texts.items():
        if any(getattr(one, "function", None) is function for one in vars(sys.modules[name]).values()):
            return text
    return None


def _said(thing: Any, seen: set[int]) -> Iterator[str]:
    if isinstance(thing, _PLAIN):
        yield repr(thing)
        return
    if id(thing) in seen:
        return
    seen.add(id(thing))
    module = str(getattr(thing, "__module__", ""))
    if module in _texts:
        yield f"{getattr(thing, '__qualname__', '')} of {_texts[module][1]}"
        return
    if not isinstance(thing, FunctionType):
        yield from _of_object(thing, seen)
        return
    function = unwrap(thing)
    if module.partition(".")[0] == "evenhand" or _is_installed(function):
        yield f"{module}.{function.__qualname__}"
        return
    try:
        yield getsource(function)
    except (OSError, TypeError):
        yield repr((function.__code__.co_code, function.__code__.co_consts, function.__code__.co_names))
    yield repr((function.__defaults__, function.__kwdefaults__))
    used = getclosurevars(function)
    for name, value in sorted({**used.globals, **used.nonlocals}.items()):
        yield name
        yield from _said(value, seen)


def _of_object(thing: Any, seen: set[int]) -> Iterator[str]:
    """A constant by its value, anything else by its kind and what it is made of."""
    kind = type(thing)
    if isinstance(thing, (set, frozenset)):
        yield repr(sorted(map(repr, thing)))
    elif isinstance(thing, (list, tuple, dict)):
        yield f"{kind.__name__} of {len(thing)}"
        for part in [*thing.items()] if isinstance(thing, dict) else thing:
            yield from _said(part, seen)
    elif hasattr(thing, "tobytes"):  # an array
        yield f"{thing.dtype} {thing.shape} {hashlib.sha256(thing.tobytes()).hexdigest()}"
    elif isinstance(thing, ModuleType):
        yield thing.__name__
    elif isinstance(thing, type):
        yield from _of_class(thing, seen)
    else:
        yield f"{kind.__module__}.{kind.__qualname__}"
        yield from _of_class(kind, seen)
        held = getattr(thing, "__dict__", None) or {
            name: getattr(thing, name) for name in ("func", "args", "keywords") if hasattr(thing, name)
        }
        for name, value in sorted(held.items()):
            yield name
            yield from _said(value, seen)


def _of_class(kind: type, seen: set[int]) -> Iterator[str]:
    yield f"{kind.__module__}.{kind.__qualname__}"
    call = vars(kind).get("__call__")
    if isinstance(call, FunctionType):
        yield from _said(call, seen)


def _is_installed(function: FunctionType) -> bool:
    module = function.__module__ or ""  # none where code is run from a text
    return "site-packages" in function.__code__.co_filename or (
        module.partition(".")[0] in sys.stdlib_module_names and module != "__main__"
    )


class Named(NamedTuple):
    """A policy, and behind it the file and the name of a decision rule."""

    policy: str
    file: str | None = None
    function: str | None = None


def split(name: str) -> Named:
    """A policy and its rule from `POLICY+FILE.py:FUNCTION`; without a rule the name as it is.

    Raises BadCode for a rule without a policy.
    """
    found = _RULE.fullmatch(name)
    if found is None:
        return Named(name)
    if not found["policy"]:
        raise BadCode(
            gettext("{name}: a rule decides for the desks of a policy; write POLICY+{name}").format(name=name)
        )
    return Named(found["policy"], found["file"], found["function"])


def rule(file: str, function: str, folder: Path | None = None) -> Callable[..., Any]:
    """A function of a file, which is looked for from `folder` on. Raises BadCode."""
    module = load(Path(file), folder)
    found = vars(module).get(function)
    if callable(found):
        chosen: Callable[..., Any] = found
        return chosen
    there = [name for name, value in vars(module).items() if callable(value) and not name.startswith("_")]
    near = get_close_matches(function, there, n=1)
    if near:
        hint = gettext("; did you mean {name!r}?").format(name=near[0])
    else:
        hint = gettext("; it has {names}").format(names=", ".join(there) or gettext("none"))
    raise BadCode(
        gettext("{file}: no function {function!r}{hint}").format(file=file, function=function, hint=hint)
    )


def load(path: Path, folder: Path | None = None) -> ModuleType:
    """Run a file of Python, once for each text that it has, and give its module. Raises BadCode."""
    place = (folder or Path()) / path
    try:
        text = place.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or gettext("is not UTF-8")
        raise BadCode(f"{path}: {why}") from error
    return from_text(str(place.resolve()), text)


def from_text(path: str, text: str) -> ModuleType:
    """The module of a text, as a worker on another machine makes it too. Raises BadCode."""
    name = f"evenhand_own_{hashlib.sha256(f'{path}:{text}'.encode()).hexdigest()[:16]}"
    if name in sys.modules:
        return sys.modules[name]
    module = ModuleType(name)
    module.__file__ = path
    folder, shown = str(Path(path).parent), Path(path).name
    _texts[name], sys.modules[name] = (path, text), module
    sys.path.insert(0, folder)
    try:
        exec(compile(text, path, "exec"), vars(module))  # noqa: S102 (the user's own program)
    except Exception as error:
        del _texts[name], sys.modules[name]
        raise BadCode(f"{shown}{_place(error, path)}: {type(error).__name__}: {_line(error)}") from error
    finally:
        sys.path.remove(folder)
    return module


def text_of(module: str) -> tuple[str, str] | None:
    """Path and text of a module that was made here, by its name."""
    return _texts.get(module)


def _place(error: Exception, path: str) -> str:
    """The line of the file where it failed, as `:7`."""
    number = error.lineno if isinstance(error, SyntaxError) else None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == path:
            number = trace.tb_lineno
        trace = trace.tb_next
    return f":{number}" if number else ""


def _line(error: Exception) -> str:
    said = error.msg if isinstance(error, SyntaxError) else str(error)
    return " ".join(str(said).split())[:200]
