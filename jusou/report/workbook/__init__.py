"""Excel workbooks: the review with live formulas, and the forms to fill in."""
