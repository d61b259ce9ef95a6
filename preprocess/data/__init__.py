"""An artifact's records as batches and as lists of words."""
