"""`python -m tongsheng` is the command."""

from tongsheng.cli import main

main()
