"""The deck: its screen, the stage it stands on, and the parts that each do one job there."""
