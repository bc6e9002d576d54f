"""A run that was put together: what is held of it, and how it is driven to its end."""
