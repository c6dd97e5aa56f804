"""How Sphinx makes the site; `python -m docs.build.site` lays the pages out and calls it."""

from __future__ import annotations

import re
from importlib import metadata

from sphinx.application import Sphinx

project = "Evenhand"
version = release = metadata.version("evenhand")
extensions = ["myst_nb", "sphinx.ext.autodoc"]
nb_execution_mode = "force"  # what a notebook shows is what this version gives
nb_execution_raise_on_error = True
nb_execution_timeout = 600  # a busy machine compiles slowly
suppress_warnings = [
    "misc.highlighting_failure",  # there is no lexer for CSV
    "ref.python",  # several rooms have a Log, an Event: types in signatures lead to the first
]
root_doc = "index"
html_theme = "furo"
html_title = "Evenhand"
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
html_static_path = ["_static"]
html_css_files = ["wide.css"]
html_theme_options = {"navigation_with_keys": True}
myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence", "deflist"]
autodoc_member_order = "bysource"
python_use_unqualified_type_names = True


def _plain(_app: object, _what: str, _name: str, _thing: object, _options: object, lines: list[str]) -> None:
    """Docstrings are plain text: their stars and bars are no markup, words of Python's own are left out."""
    if lines and lines[0].startswith("Alias for field number"):
        lines.clear()
    lines[:] = [re.sub(r"([|*])", r"\\\1", line) for line in lines]


def setup(app: Sphinx) -> None:
    """Connect what changes docstrings on their way."""
    app.connect("autodoc-process-docstring", _plain)
