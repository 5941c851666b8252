"""Articles in Markdown: from one paragraph to several pages, on any subject."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from random import Random

from server.demo.prose import BLOCKS, CLOSINGS, HEADINGS, OPENINGS, PARAGRAPHS
from server.demo.words import fill_in

SECTION_COUNTS = (0, 0, 0, 0, 0, 1, 1, 2, 2, 2, 3, 3, 4, 6, 9)
SHARE_WITH_BLOCK = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """All there is to say about one subject, to compose articles from."""

    openings: tuple[str, ...]
    paragraphs: tuple[str, ...]
    closings: tuple[str, ...]
    headings: tuple[str, ...]
    blocks: tuple[str, ...]

    @classmethod
    def about(cls, subject: str) -> Stock:
        """Fill in the subject everywhere."""
        return cls(
            openings=filled(OPENINGS, subject),
            paragraphs=filled(PARAGRAPHS, subject),
            closings=filled(CLOSINGS, subject),
            headings=filled(HEADINGS, subject),
            blocks=filled(BLOCKS, subject),
        )

    def article(self, rng: Random) -> str:
        """Compose an article that says nothing twice."""
        sections = rng.choice(SECTION_COUNTS)
        paragraphs = iter(rng.sample(self.paragraphs, 2 + 3 * sections))
        blocks = iter(rng.sample(self.blocks, sections))
        parts = [rng.choice(self.openings)]
        parts += islice(paragraphs, rng.randint(0, 2))
        for heading in rng.sample(self.headings, sections):
            parts.append(f"## {heading}")
            parts += islice(paragraphs, rng.randint(1, 3))
            parts += islice(blocks, rng.random() < SHARE_WITH_BLOCK)
        if sections:
            parts.append(rng.choice(self.closings))
        return "\n\n".join(parts)


def filled(texts: Iterable[str], subject: str) -> tuple[str, ...]:
    """Say what these texts are about."""
    return tuple(fill_in(text, subject) for text in texts)
