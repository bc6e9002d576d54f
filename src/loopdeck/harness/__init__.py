"""The loop that runs an agent: it knows ports, never a vendor and never a widget."""
