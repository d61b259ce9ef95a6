"""What lies in an artifact: layout, manifest, statistics, word index."""
