"""Questions that people have brought, asked as they would ask them, to the sentence or figure that answers.

A story is done when somebody who knows the job and not the tool gets the right answer. Signs, intervals
and sentences are held, figures only where a closed form gives them: the market has changed since then.
Story 19, a build with modules called `app` and `analysis` beside it, is held by
`tests/house/test_own_names.py`.
"""
