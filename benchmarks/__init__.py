"""What the tool costs, as ratios that hold on any machine (see README.md)."""
