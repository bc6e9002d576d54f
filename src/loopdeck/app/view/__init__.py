"""What the screens show, before it is drawn: no widget in here, and no ink."""
