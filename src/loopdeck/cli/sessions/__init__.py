"""`loopdeck sessions`: the library without a screen, ways in and out of it."""
