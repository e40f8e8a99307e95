"""Medians, ranges, ratios, and the order in which runs alternate."""

import dataclasses
import statistics


@dataclasses.dataclass(frozen=True)
class Figure:
    median: float
    low: float
    high: float
    count: int

    @staticmethod
    def of(values):
        values = list(values)
        return Figure(statistics.median(values), min(values), max(values), len(values))


def paired_ratio(those, ours):
    """The median over the rounds of (theirs ÷ ours in the same round): drift of the machine falls out of it.

    Both are mappings from round to value; rounds that only one of them has do not count.
    """
    common = sorted(set(those) & set(ours))
    return statistics.median(those[r] / ours[r] for r in common) if common else None


def alternated(participants, warm_up, rounds, memory):
    """(kind, round, participant) in the order of the runs: A B A B …; first those that warm up, last those for memory."""
    for kind, count in (("warm-up", warm_up), ("timed", rounds), ("memory", memory)):
        for number in range(count):
            for participant in participants:
                yield kind, number, participant
