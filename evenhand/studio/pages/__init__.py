"""The screens, a module each; `SCREENS` is what the studio has.

A screen is a module with `routes`, a list of Starlette routes, and templates of its name. A new one is added
by its module, its templates, and a line in `evenhand/studio/app.py`.
"""
