"""What the scripted models play: each script reacts to what its tools and its human really do."""
