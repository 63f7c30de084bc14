"""The evaluation: Dataset to Review, pure and exact. No words for people, no layout."""
