"""The prompt as a projection of the events, and what comes back."""
