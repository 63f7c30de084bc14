"""The charts: what each shows is settled first (series, content), then drawn in points (draw).

The pages that hold them are laid out by the writers, which take the finished pictures.
"""
