"""The sections of the meeting pack, in words. How they are laid out is the writers' affair."""
