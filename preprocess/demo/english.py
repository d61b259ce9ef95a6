"""English reviews from a small grammar: what is reviewed, what is thought of it, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

# Sentences that state an opinion, and those of them that go with the opinion of the whole.
_OPINIONS, _CONSISTENT = 0.6, 0.85
_NEGATED = 0.15
_TYPO = 0.004  # of the words


@dataclass(frozen=True)
class _Topic:
    """What is said of one kind of thing."""

    thing: Sequence[str]
    parts: Sequence[str]
    praise: Sequence[str]
    blame: Sequence[str]
    facts: Sequence[str]
    unit: str


TOPICS: Mapping[str, _Topic] = {
    "films": _Topic(
        ("film", "movie", "picture", "thriller", "comedy", "drama", "sequel", "western"),
        (
            *("plot", "acting", "soundtrack", "dialogue", "ending", "direction", "camera work"),
            *("cast", "opening scene", "lighting", "script", "editing"),
        ),
        ("kept me on the edge of my seat", "deserves an award", "stays with you for days"),
        ("made no sense", "put half the audience to sleep", "was stolen from better films"),
        (
            "We saw it on a rainy {day} in {city}",
            "It was shot in {city} in {year}",
            "{name} plays the lead",
            "It runs for {number} minutes",
            "My friend {name} had recommended it",
            "The cinema was half empty",
            "It is a remake of something from {year}",
        ),
        "minute",
    ),
    "books": _Topic(
        ("book", "novel", "biography", "memoir", "story", "mystery", "trilogy", "collection"),
        (
            *("prose", "first chapter", "hero", "translation", "cover", "last page", "language"),
            *("narrator", "setting", "villain", "structure", "style"),
        ),
        ("could not be put down", "made me cry on the train", "belongs on every shelf"),
        ("could have been half as long", "reads like homework", "was full of printing errors"),
        (
            "I read it on the train to {city}",
            "It was first published in {year}",
            "{name} lent me a copy",
            "It has {number} pages",
            "The author grew up in {city}",
            "Our reading group chose it in {month}",
            "I bought it secondhand",
        ),
        "page",
    ),
    "hotels": _Topic(
        ("hotel", "guesthouse", "inn", "resort", "hostel", "place", "lodge", "apartment"),
        (
            *("room", "breakfast", "bed", "view", "shower", "staff", "pool", "reception", "lift"),
            *("restaurant", "balcony", "service"),
        ),
        ("made us feel at home", "was spotless", "is worth every penny"),
        ("smelled of smoke", "had not been cleaned for weeks", "was nothing like the photographs"),
        (
            "We stayed for {number} nights in {month}",
            "It is ten minutes from the station in {city}",
            "{name} had booked it for us",
            "We arrived late on a {day}",
            "Our room was on the third floor",
            "It was built in {year}",
            "There is a car park behind the house",
        ),
        "night",
    ),
    "games": _Topic(
        ("game", "puzzle", "shooter", "adventure", "simulation", "platformer", "demo", "port"),
        (
            *("story", "music", "steering", "artwork", "difficulty", "map", "tutorial"),
            *("level design", "online mode", "combat", "last boss", "menu"),
        ),
        ("kept me up until three in the morning", "runs like a dream", "rewards patience"),
        ("crashed every other hour", "was clearly never finished", "asks for money at every turn"),
        (
            "I played it for {number} hours",
            "It came out in {month}",
            "{name} and I played it together",
            "It was made by a small team from {city}",
            "The first part is from {year}",
            "I bought it on a {day} in a sale",
            "It needs a fast computer",
        ),
        "level",
    ),
}
_GOOD = (
    *("superb", "wonderful", "brilliant", "charming", "delightful", "clever", "excellent"),
    *("beautiful", "fresh", "moving", "perfect", "splendid", "memorable", "lovely", "great"),
)
_BAD = (
    *("dull", "awful", "boring", "clumsy", "terrible", "tedious", "disappointing", "dreadful"),
    *("cheap", "lifeless", "annoying", "forgettable", "horrible", "messy", "poor"),
)
_LIKED = ("loved", "enjoyed", "adored", "liked", "admired")
_DISLIKED = ("hated", "regretted", "endured", "disliked", "resented")
_BEST = ("I would recommend it to anyone", "I cannot wait for more", "It made my week")
_WORST = ("I want my money back", "Do not waste your time", "Stay away from this one")
_ADVERBS = ("really", "quite", "simply", "truly", "rather", "absolutely", "surprisingly", "so")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("January", "March", "April", "May", "June", "July", "September", "October", "December")
_CITIES = (
    *("London", "Paris", "Lisbon", "Vienna", "Prague", "Dublin", "Oslo", "Rome", "Madrid"),
    *("Berlin", "Athens", "Cairo", "Lagos", "Nairobi", "Mumbai", "Tokyo", "Kyoto", "Seoul"),
    *("Sydney", "Toronto", "Boston", "Chicago", "Denver", "Seattle", "Lima", "Havana", "Quito"),
    *("Helsinki", "Riga", "Warsaw", "Zagreb", "Sofia", "Tbilisi", "Ankara", "Tunis", "Dakar"),
)
_NAMES = (
    *("Anna", "Ben", "Clara", "David", "Emma", "Felix", "Grace", "Henry", "Ida", "Jack", "Kate"),
    *("Leo", "Maria", "Noah", "Olga", "Peter", "Quinn", "Rosa", "Sam", "Tara", "Umar", "Vera"),
    *("Will", "Yara", "Zoe", "Arthur", "Bella", "Carlos", "Dora", "Erik", "Fiona", "George"),
    *("Hanna", "Ivan", "Julia", "Karim", "Lena", "Mateo", "Nina", "Oscar", "Priya", "Ravi"),
)


def review(topic: str, is_good: bool, sentences: int, random: Generator) -> str:
    """A review of one topic: facts, and opinions that mostly go with `is_good`."""
    return " ".join(_sentences(TOPICS[topic], is_good, sentences, random))


def _sentences(topic: _Topic, is_good: bool, count: int, random: Generator) -> Iterator[str]:
    for _ in range(count):
        if random.random() < _OPINIONS:
            agrees = random.random() < _CONSISTENT
            sentence = _opinion(topic, is_good if agrees else not is_good, random)
        else:
            sentence = _fact(topic, random)
        words = [_typed(word, random) for word in sentence.split(" ")]
        yield _capital(" ".join(words)) + str(random.choice([".", ".", ".", "!", "..."]))


def _opinion(topic: _Topic, is_good: bool, random: Generator) -> str:
    """A sentence that praises or blames, now and then by denying the contrary."""
    part, adverb = _one(topic.parts, random), _one(_ADVERBS, random)
    if random.random() < _NEGATED:
        return f"the {part} was not {_one(_BAD if is_good else _GOOD, random)} at all"
    adjective = _one(_GOOD if is_good else _BAD, random)
    thing = _one(topic.thing, random)
    verb = _one(_LIKED if is_good else _DISLIKED, random)
    return _one(
        (
            f"the {part} was {adverb} {adjective}",
            f"I found the {part} {adverb} {adjective}",
            f"what a{'n' if adjective[0] in 'aeiou' else ''} {adjective} {thing}",
            f"I {verb} every {topic.unit} of this {thing}",
            f"the {thing} {_one(topic.praise if is_good else topic.blame, random)}",
            f"the {part} and the {_one(topic.parts, random)} were {adjective}",
            _one(_BEST if is_good else _WORST, random),
        ),
        random,
    )


def _fact(topic: _Topic, random: Generator) -> str:
    return _one(topic.facts, random).format(
        day=_one(_DAYS, random),
        month=_one(_MONTHS, random),
        city=_one(_CITIES, random),
        name=_one(_NAMES, random),
        year=int(random.integers(1950, 2026)),
        number=int(random.integers(2, 400)),
    )


def _typed(word: str, random: Generator) -> str:
    """The word, in which now and then two letters change places."""
    if len(word) < 4 or random.random() >= _TYPO:
        return word
    at = int(random.integers(len(word) - 1))
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _capital(sentence: str) -> str:
    return sentence[0].upper() + sentence[1:]


def _one(choices: Sequence[str], random: Generator) -> str:
    """One of the choices, the first ones more often, as of words in use."""
    return choices[int(len(choices) * np.square(random.random()))]
