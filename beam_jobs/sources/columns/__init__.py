"""Raw columns: which become which canonical ones, how they are converted, and their schema."""
