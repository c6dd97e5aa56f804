"""`python -m app` is the `evenhand` command."""

from app.main import main

main()
