"""The Excel files: the review with live formulas, and the forms to fill in.

A file that comes back is read in ``storage``; the review's own figures are computed in ``review``.
"""
