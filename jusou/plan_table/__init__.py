"""The table of a plan, one row an indicator: its columns, read by ``init``, written by ``list``.

What the rows of a log may hold is no business of this room; nor are files.
"""
