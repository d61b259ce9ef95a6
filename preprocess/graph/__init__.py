"""The transform graph, what serves it, and how a SavedModel is loaded."""
