"""The tags of the demo: subjects, and then what one can say of them."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random

from persistence.bulk import Row
from server.demo.moments import LAUNCH
from server.demo.sizes import Sizes
from server.demo.words import SUBJECTS, TAG_ENDINGS


def tags(sizes: Sizes) -> Iterator[Row]:
    """Make the rows of all tags; the first ones are the subjects, in their order."""
    rng = Random("tags")
    for index in range(sizes.tags):
        created_at = LAUNCH + timedelta(minutes=index + rng.random())
        yield {"id": index + 1, "name": tag_name(index), "created_at": created_at}


def tag_name(index: int) -> str:
    """Name the tag at this position: `tea`, and many later `tea-books`."""
    ending, subject = divmod(index, len(SUBJECTS))
    name = SUBJECTS[subject].lower().replace(" ", "-")
    if ending == 0:
        return name
    return f"{name}-{TAG_ENDINGS[ending - 1] if ending <= len(TAG_ENDINGS) else ending}"
