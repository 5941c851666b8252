"""The page that browsers are shown, and the files that it loads."""

from __future__ import annotations

from mimetypes import guess_type
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse
from strawberry.http.ides import get_graphql_ide_html

from server.http.media_types import quality_of
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
COMPRESSED = ".gz"
BEING_BUILT = (
    b"<!doctype html><title>Inkwell</title>The explorer is being built: reload in a while."
)


class PlainPage:
    """Strawberry's page, whose program comes from other hosts."""

    policy = FOREIGN_POLICY

    def __init__(self) -> None:
        self.html = get_graphql_ide_html().encode()


class BuiltPage:
    """The page that was built, whose program comes from here; it may be built anew meanwhile."""

    policy = OWN_POLICY

    def __init__(self, folder: Path, *, traces: bool) -> None:
        """Take whether requests are traced, which the page is told."""
        self._file = folder / "index.html"
        self._traces = traces

    @property
    def html(self) -> bytes:
        """What is in its file now."""
        try:
            html = self._file.read_text(encoding="utf-8")
        except FileNotFoundError:
            return BEING_BUILT
        return (html if self._traces else html.replace(TRACES, 'data-traces="off"')).encode()


def page_for(settings: Settings, folder: Path = BUILT) -> BuiltPage | PlainPage | None:
    """Choose the page that browsers are shown, if any; only in development a plain one."""
    if not settings.shows_explorer:
        return None
    if (folder / "index.html").exists():
        return BuiltPage(folder, traces=settings.in_development)
    return PlainPage() if settings.in_development else None


class Assets:
    """The files that the built page loads, by name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def file(self, request: Request) -> FileResponse:
        """Answer with a file, as it was compressed for those who take that; or with 404."""
        files = {each.name: each for each in self._folder.glob("*")}  # which may be built anew
        name = request.path_params["name"]
        if name not in files or name.endswith(COMPRESSED):
            raise HTTPException(404)
        file, compressed = files[name], files.get(name + COMPRESSED)
        media_type = guess_type(name)[0] or "application/octet-stream"
        headers = {
            "Cache-Control": FOR_A_YEAR,
            "Content-Security-Policy": OWN_POLICY,  # which workers have of their own file
            "Vary": "Accept-Encoding",
        }
        if compressed is not None and takes_gzip(request.headers.get("accept-encoding", "")):
            file, headers["Content-Encoding"] = compressed, "gzip"
        return FileResponse(file, headers=headers, media_type=media_type)


def takes_gzip(accept_encoding: str) -> bool:
    """Tell whether a client takes what is compressed by gzip, as RFC 9110 (12.5.3) has it."""
    for part in accept_encoding.lower().split(","):
        coding, _, quality = part.partition(";")
        if coding.strip() == "gzip":
            return quality_of(quality.strip().removeprefix("q=") or "1") > 0
    return False
