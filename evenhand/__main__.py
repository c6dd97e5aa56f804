"""`python -m evenhand` is the `evenhand` command."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command of the arguments; Ctrl-C while all that it needs is loaded ends it like later on."""
    try:
        from evenhand.cli.interrupts import lose_none

        lose_none()
        from evenhand.cli.main import main as carry_out

        carry_out()
    except KeyboardInterrupt:
        sys.stderr.write("evenhand: interrupted\n")
        sys.exit(130)


if __name__ == "__main__":
    main()
