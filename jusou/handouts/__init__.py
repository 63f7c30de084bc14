"""What was handed out, and what changed since: kept packs as plain data, compared with the logs.

No files, no words for people, no formulas: commands compose these with storage and report.
"""
