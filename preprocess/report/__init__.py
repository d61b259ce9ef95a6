"""An artifact, and what a model makes of it, as one HTML page."""
