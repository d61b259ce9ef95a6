"""What all else stands on: declared values, errors, ids, bucket arithmetic, files, progress."""
