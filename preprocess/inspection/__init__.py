"""An artifact in readable form, for a terminal."""
