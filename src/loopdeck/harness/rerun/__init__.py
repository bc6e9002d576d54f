"""Runs the harness once more from a recording: nothing is asked, nothing acts, nothing is kept."""
