"""The plan: what ``targets.yaml`` may say, and what it means. No file is opened here."""
