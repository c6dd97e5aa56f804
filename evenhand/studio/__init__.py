"""Studio: the web page of policy designers, on this machine only; it calls what the commands call.

`serve` starts it, `guard` says who may ask, `folder` is what the user has, `forms` turns settings into fields
and back, `work` has the jobs, and `pages` holds one module for each screen.
"""
