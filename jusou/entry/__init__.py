"""Entry: what may be recorded, what looks wrong about it, and what is typed at the questions."""
