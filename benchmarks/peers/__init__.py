"""Programs that do the job of `build_speed.py`: one module each, with a `run(job)`."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from peers import text2seq
from peers.job import Job


@dataclass(frozen=True)
class Peer:
    """One row of the table.

    Attributes:
      name: as `--only` takes it.
      module: below `peers`.
      note: what it does beside or instead of the job.
      needs: a package of the extra `bench`; without it the peer is left out.
    """

    name: str
    module: str
    note: str
    needs: str | None = None

    def command(self, job: Job) -> list[str]:
        """The process that does the job."""
        if self is OURS:
            return text2seq.command(job)
        paths = map(str, (job.train, job.test, job.output))
        return [sys.executable, "-m", "peers.worker", self.module, *paths]


OURS = Peer(
    "text2seq",
    "text2seq",
    "8 buckets; a thread a core; also shuffles, hashes every file, exports serving",
)

PEERS = (
    OURS,
    Peer(
        "tf-transform",
        "tf_transform",
        "compute_and_apply_vocabulary; same runner, options and tokenizer; pads to 256",
    ),
    Peer(
        "tokenizers",
        "hugging_face",
        "Hugging Face WordLevel; trains and encodes on all cores, writes on one; pads to 256",
        needs="tokenizers",
    ),
    Peer(
        "tf-keras",
        "legacy_keras",
        "Tokenizer and pad_sequences; one thread; pads to 256",
        needs="tf_keras",
    ),
    Peer(
        "text-vectorization",
        "text_vectorization",
        "Keras 3 layer; tf.data maps on all cores, writes on one; pads to 256",
    ),
    Peer(
        "kernels",
        "kernels",
        "the bare kernels, no Beam; a thread a core, tokenizes twice; the same 8 buckets",
    ),
    Peer(
        "plain-kernels",
        "plain_kernels",
        "as kernels, but lower, regex_replace and split in place of our tokenizer",
    ),
)
