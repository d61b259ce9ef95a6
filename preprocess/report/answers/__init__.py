"""How the answers to each kind of label are shown."""
