"""What people read: Review to Document, with every word settled, and Document to files.

Nothing is computed here but the room that words take.
"""
