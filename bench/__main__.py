"""What `python -m bench` runs."""

from bench.run import main

main()
