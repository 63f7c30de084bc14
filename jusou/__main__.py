"""Lets ``python -m jusou`` run the command line."""

from jusou.cli import main

main()
