"""What the posts of the demo are about, and called: no title comes twice."""

from server.demo.sizes import Sizes
from server.demo.words import CIRCUMSTANCES, STRIDE, SUBJECTS, TITLES, fill_in


def subjects(sizes: Sizes) -> tuple[str, ...]:
    """Keep to the subjects that have a tag."""
    return SUBJECTS[: sizes.tags]


def subject_at(index: int, sizes: Sizes) -> int:
    """Tell what the post at this position is about, as a position among the subjects."""
    return index * STRIDE % len(subjects(sizes))


def title_at(index: int, sizes: Sizes) -> str:
    """Call the post at this position something that no other is called."""
    choices = len(subjects(sizes))
    pairs = len(TITLES) * choices
    rounds, place = divmod(index, pairs)
    pair = place * STRIDE % pairs
    title = fill_in(TITLES[pair // choices], SUBJECTS[pair % choices])
    if rounds == 0 and pair % 3 == 0:
        return title
    title += f" {CIRCUMSTANCES[(pair + rounds) % len(CIRCUMSTANCES)]}"
    part = rounds // len(CIRCUMSTANCES) + 1
    return title if part == 1 else f"{title}, part {part}"
