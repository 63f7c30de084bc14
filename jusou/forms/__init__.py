"""照会票: out to the departments, and back in."""
