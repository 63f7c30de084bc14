"""The charts: what they show, settled first, and its drawing in points."""
