"""`python -m evenhand` is the `evenhand` command."""

from __future__ import annotations

from evenhand.cli.main import main

main()
