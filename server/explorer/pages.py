"""The page that browsers are shown, and the files that it loads."""

from __future__ import annotations

from dataclasses import dataclass
from mimetypes import guess_type
from pathlib import Path
from typing import Self

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse
from strawberry.http.ides import get_graphql_ide_html

from server.settings import Settings

BUILT = Path(__file__).parents[2] / "explorer" / "dist"
"""Where `make explorer` puts what it builds."""

ASSETS = "explorer"
"""The folder of the assets, and beside the page their path."""

OWN_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; worker-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
FOREIGN_POLICY = "frame-ancestors 'none'"  # it loads its program from elsewhere
FOR_A_YEAR = "public, max-age=31536000, immutable"  # as the name changes with what is in it
TRACES = 'data-traces="on"'


@dataclass(frozen=True, slots=True)
class Page:
    """A page, and what browsers are to allow it, as Content-Security-Policy has it."""

    html: bytes
    policy: str
    is_built: bool
    """Whether it is our own, which loads its files from here."""

    @classmethod
    def built(cls, folder: Path, *, traces: bool) -> Self | None:
        """Read the page that was built, if one was, and tell it whether requests are traced."""
        try:
            html = (folder / "index.html").read_text()
        except FileNotFoundError:
            return None
        html = html if traces else html.replace(TRACES, 'data-traces="off"')
        return cls(html.encode(), OWN_POLICY, is_built=True)

    @classmethod
    def of_strawberry(cls) -> Self:
        """Make a plain page, whose program comes from other hosts."""
        return cls(get_graphql_ide_html().encode(), FOREIGN_POLICY, is_built=False)


def page_for(settings: Settings, folder: Path = BUILT) -> Page | None:
    """Choose the page that browsers are shown, if any; only in development a plain one."""
    if not settings.shows_explorer:
        return None
    page = Page.built(folder, traces=settings.in_development)
    return Page.of_strawberry() if page is None and settings.in_development else page


class Assets:
    """The files that the built page loads: those that there are, by name."""

    def __init__(self, folder: Path) -> None:
        """Look at what is in a folder; it is to stay."""
        self._files = {each.name: each for each in folder.iterdir()}

    async def file(self, request: Request) -> FileResponse:
        """Answer with a file, as it was compressed for those who take that; or with 404."""
        name = request.path_params["name"]
        file = self._files.get(name)
        if file is None:
            raise HTTPException(404)
        headers = {
            "Cache-Control": FOR_A_YEAR,
            "Content-Security-Policy": OWN_POLICY,  # which workers have of their own file
            "Vary": "Accept-Encoding",
        }
        compressed = self._files.get(f"{name}.gz")
        if compressed and "gzip" in request.headers.get("accept-encoding", ""):
            file, headers["Content-Encoding"] = compressed, "gzip"
        media_type = guess_type(name)[0] or "application/octet-stream"
        return FileResponse(file, headers=headers, media_type=media_type)
