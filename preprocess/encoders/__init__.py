"""Encoders, one a file. To add one: write its file, and import its class here, by one line."""

from typing import Annotated

from preprocess.core.kinds import one_of
from preprocess.encoders.average import Average as Average
from preprocess.encoders.base import Encoder as Encoder
from preprocess.encoders.gru import Gru as Gru
from preprocess.encoders.lstm import Lstm as Lstm

AnyEncoder = Annotated[Encoder, one_of(Encoder, globals(), default=Lstm)]
