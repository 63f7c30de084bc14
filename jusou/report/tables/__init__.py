"""What the other commands print: list, status, history, add, enter, note, import, export."""
