"""A session as labelled lines, one after the other, with numbers to answer: no screen needed."""
