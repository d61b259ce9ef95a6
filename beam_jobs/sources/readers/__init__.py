"""How files are read: into input splits, headers, and blocks of raw rows."""
