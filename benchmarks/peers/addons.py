"""What tf.Transform imports by itself once it runs: imports are not timed."""

from contextlib import suppress

with suppress(ImportError):
    import tensorflow_text  # noqa: F401
