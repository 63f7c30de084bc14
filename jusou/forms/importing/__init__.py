"""An import: claims beside what stands to rows, decided before any is written."""
