"""Two characters that no command may hold, for what is not known of a text."""

UNSEEN = "\0"  # stands for what only the running shell will know
LISTED = "\1"  # stands for the rest of a file name found in a folder that was looked at already
