"""The national law as dated rows: files that people read (*.toml), a table that is only added to, what is read from it.

`requests/policy.py` is the door; nothing outside asks this package directly.
"""
