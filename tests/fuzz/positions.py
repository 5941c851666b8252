"""IDs and cursors: genuine, damaged, forged and nonsense."""

from __future__ import annotations

from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from schema.cursors import HEAD_SIZE, KEY_SIZE
from tests.fuzz.choices import either, mostly
from tests.fuzz.documents import CORE, NAMES
from tests.fuzz.requests import spoilt

NODES = [
    name
    for name, type_ in CORE.type_map.items()
    if any(each.name == "Node" for each in getattr(type_, "interfaces", ()))
]
KEYS = [0, 1, 2**31, 2**63 - 1, 2**63, 10**19 - 1, 10**30, -1]
KEYS_IN_CURSORS = [bytes(KEY_SIZE), b"\x7f" + b"\xff" * 7, b"\x80" + b"\x00" * 7, b"\xff" * 8]


def ids(genuine: Sequence[str]) -> SearchStrategy[str]:
    """Texts where an ID should be."""
    return either(forged_ids(), forged_ids(), near(st.sampled_from(genuine)))


def cursors(genuine: Sequence[str], others: Sequence[str]) -> SearchStrategy[str]:
    """Texts where a cursor should be, most of them like one of the list, or like one of another."""
    forged = st.sampled_from(genuine).flatmap(forged_cursors)
    return either(forged, forged, near(either(st.sampled_from(genuine), st.sampled_from(others))))


def near(genuine: SearchStrategy[str]) -> SearchStrategy[str]:
    """Genuine texts, damaged ones, and some that are far from it."""
    return either(
        genuine,
        genuine.flatmap(with_spoilt_characters),
        genuine.flatmap(with_spoilt_bytes),
        st.tuples(genuine, genuine).map("".join),
        st.text(max_size=60),
        st.integers(1, 100_000).map(lambda length: "A" * length),
    )


def with_spoilt_characters(text: str) -> SearchStrategy[str]:
    """The same text but for some characters."""
    return spoilt(text.encode()).map(lambda raw: raw.decode("latin-1"))


def with_spoilt_bytes(text: str) -> SearchStrategy[str]:
    """The same but for some of the bytes that it stands for."""
    return spoilt(decoded(text)).map(lambda raw: urlsafe_b64encode(raw).decode().rstrip("="))


def decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@st.composite
def forged_ids(draw: st.DrawFn) -> str:
    """IDs made as ours are, of types and keys that may not be."""
    name = draw(mostly(NODES, st.sampled_from(NAMES) | st.text(max_size=5)))
    key = draw(mostly(KEYS, st.integers()))
    separator = draw(mostly([":"], st.sampled_from(["::", ": ", ""])))
    return b64encode(f"{name}{separator}{key}".encode(errors="replace")).decode()


def forged_cursors(genuine: str) -> SearchStrategy[str]:
    """Cursors of the list that a genuine one is of, to any key and value."""
    head = decoded(genuine)[:HEAD_SIZE]
    key = mostly(KEYS_IN_CURSORS, st.binary(min_size=KEY_SIZE, max_size=KEY_SIZE))
    value = st.one_of(
        st.binary(min_size=8, max_size=8).map(lambda moment: b"t" + moment),
        st.text(max_size=50).map(lambda text: b"s" + text.encode(errors="replace")),
        st.binary(max_size=8).map(lambda rest: b"s" + rest),
        st.just(b"n"),
        st.just(decoded(genuine)[HEAD_SIZE + KEY_SIZE :]),
        st.binary(max_size=10),
    )
    return st.tuples(key, value).map(
        lambda parts: urlsafe_b64encode(head + b"".join(parts)).decode().rstrip("=")
    )
