"""A file that came back: its cells to what it claims. Nothing is compared with the logs here."""
