"""Values: years, dates, figures, texts, and files as cells. Nothing here knows a plan."""
