"""Downloads against a server of our own on 127.0.0.1 that breaks off, forgets, refuses and lies on request."""

import errno
import hashlib
import io
import socket
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from glassbox.data import download
from glassbox.data.download import fetch
from glassbox.data.labelled import Deposit
from glassbox.data.loader import Archive
from glassbox.errors import GlassboxError


def archive_bytes(seed: int = 0) -> bytes:
    """A zip of about 300 kB that does not compress."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("Data/noise.bin"), np.random.default_rng(seed).bytes(300_000))
    return out.getvalue()


class Server(ThreadingHTTPServer):
    """Serves ``data`` at every path, with Range and If-Range; closes early after ``cuts[i]`` bytes of request i."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.data, self.etag, self.cuts, self.status = archive_bytes(), '"one"', [], 200  # type: ignore[var-annotated]
        self.ranges: list[str | None] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/Data.zip"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        asked = self.headers.get("Range")
        self.server.ranges.append(asked)
        data, start = self.server.data, 0
        if self.server.status != 200:
            self.send_error(self.server.status)
            return
        if asked and self.headers.get("If-Range") == self.server.etag:
            start = int(asked.removeprefix("bytes=").rstrip("-"))
            if start >= len(data):
                self.send_response(416)
                self.send_header("Content-Range", f"bytes */{len(data)}")
                self.end_headers()
                return
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        else:
            self.send_response(200)
        self.send_header("Content-Length", str(len(data) - start))
        self.send_header("ETag", self.server.etag)
        self.end_headers()
        cut = self.server.cuts.pop(0) if self.server.cuts else len(data)
        self.wfile.write(data[start : start + cut])

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture(autouse=True)
def direct(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy between this machine and itself."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield running
    running.shutdown()
    thread.join()
    running.server_close()


def get(server: Server, folder: Path, sha256: str = "") -> Path:
    return fetch(Archive(server.url, sha256), folder, timeout_s=5, pause_s=0)


def test_an_archive_comes_whole_and_only_once(server: Server, tmp_path: Path) -> None:
    """The bytes, told as they come, the checksum beside them, nothing else; a second call asks for nothing."""
    told: list[tuple[str, int, int]] = []
    path = fetch(Archive(server.url), tmp_path / "zips", lambda *event: told.append(event))
    assert told[-1] == ("Data.zip", len(server.data), len(server.data))
    assert path.read_bytes() == server.data
    digest = hashlib.sha256(server.data).hexdigest()
    assert (tmp_path / "zips" / "Data.zip.sha256").read_text() == f"{digest}  Data.zip\n"
    assert sorted(p.name for p in path.parent.iterdir()) == ["Data.zip", "Data.zip.sha256"]
    get(server, tmp_path / "zips", digest)
    assert len(server.ranges) == 1


def test_a_broken_connection_is_resumed(server: Server, tmp_path: Path) -> None:
    """Each request asks for the rest only, and the pieces add up."""
    server.cuts = [100_000, 50_000, 1]
    assert get(server, tmp_path).read_bytes() == server.data
    assert server.ranges == [None, "bytes=100000-", "bytes=150000-", "bytes=150001-"]


def test_a_later_call_resumes_too(server: Server, tmp_path: Path) -> None:
    """What an earlier command left is not fetched again."""
    server.cuts = [100_000] + [0] * download.ATTEMPTS
    with pytest.raises(GlassboxError, match="connection closed early"):
        get(server, tmp_path)
    assert (tmp_path / "Data.zip.part").stat().st_size == 100_000
    assert not (tmp_path / "Data.zip").exists()
    server.cuts, server.ranges = [], []
    assert get(server, tmp_path).read_bytes() == server.data
    assert server.ranges == ["bytes=100000-"]


def test_a_file_that_changed_meanwhile_is_fetched_anew(server: Server, tmp_path: Path) -> None:
    """Two halves of different files are never glued."""
    server.cuts = [100_000] + [0] * download.ATTEMPTS
    with pytest.raises(GlassboxError):
        get(server, tmp_path)
    server.cuts, server.data, server.etag = [], archive_bytes(1), '"two"'
    assert get(server, tmp_path).read_bytes() == server.data


@pytest.mark.parametrize("extra", [b"", b"too long"])
def test_a_part_that_is_already_whole_or_longer(server: Server, tmp_path: Path, extra: bytes) -> None:
    """Whole: taken. Longer than the archive: fetched anew."""
    (tmp_path / "Data.zip.part").write_bytes(server.data + extra)
    (tmp_path / "Data.zip.part.etag").write_text(server.etag)
    assert get(server, tmp_path).read_bytes() == server.data


def test_a_part_of_unknown_origin_is_not_continued(server: Server, tmp_path: Path) -> None:
    """Without the ETag it came with, nobody knows what it is the beginning of."""
    (tmp_path / "Data.zip.part").write_bytes(b"something else")
    assert get(server, tmp_path).read_bytes() == server.data
    assert server.ranges == [None]


@pytest.mark.parametrize(("status", "found", "requests"), [(404, "refused .404", 1), (403, "refused .403", 1),
                                                           (503, "no download .503", download.ATTEMPTS)])  # fmt: skip
def test_a_refusal_is_told(server: Server, tmp_path: Path, status: int, found: str, requests: int) -> None:
    """A wrong address is refused at once; a server in trouble is asked five times."""
    server.status = status
    with pytest.raises(GlassboxError, match=found):
        get(server, tmp_path)
    assert len(server.ranges) == requests
    assert list(tmp_path.iterdir()) == []


def test_a_login_page_is_no_archive(server: Server, tmp_path: Path) -> None:
    """HTML in place of a zip is not kept."""
    server.data = b"<html>please log in</html>"
    with pytest.raises(GlassboxError, match="not a zip"):
        get(server, tmp_path)
    assert not list(tmp_path.glob("*.zip*part"))


def test_a_wrong_checksum_is_refused(server: Server, tmp_path: Path) -> None:
    """Against the published one, and against the one kept from the first download."""
    with pytest.raises(GlassboxError, match="sha256"):
        get(server, tmp_path / "published", "0" * 64)
    path = get(server, tmp_path / "kept")
    path.write_bytes(archive_bytes(2))
    with pytest.raises(GlassboxError, match=r"sha256.*rm .*Data\.zip"):
        get(server, tmp_path / "kept")


@pytest.mark.parametrize("known", [True, False])
def test_a_deposit_is_held_to_its_md5(server: Server, tmp_path: Path, known: bool) -> None:
    """Stored under its file's name; from then on it's the SHA-256 kept beside it that counts, as for any archive."""
    md5 = hashlib.md5(server.data, usedforsecurity=False).hexdigest() if known else ""
    deposit = Deposit(f"{server.url}?download=1", md5=md5, file="tiny.npz")
    path = fetch(deposit, tmp_path, timeout_s=5, pause_s=0)
    assert (path, path.read_bytes()) == (tmp_path / "tiny.npz", server.data)
    assert (tmp_path / "tiny.npz.sha256").is_file()
    path.write_bytes(archive_bytes(2))
    with pytest.raises(GlassboxError, match=r"sha256.*rm .*tiny\.npz"):
        fetch(deposit, tmp_path, timeout_s=5, pause_s=0)


def test_a_wrong_md5_is_refused(server: Server, tmp_path: Path) -> None:
    """Every time, and no checksum is kept of what came."""
    deposit = Deposit(server.url, md5="0" * 32, file="tiny.npz")
    for _ in range(2):
        with pytest.raises(GlassboxError, match=r"tiny\.npz: md5 .*expected 000000000000.*rm .*tiny\.npz"):
            fetch(deposit, tmp_path, timeout_s=5, pause_s=0)
    assert not (tmp_path / "tiny.npz.sha256").exists()
    server.data = b"<html>please log in</html>"
    with pytest.raises(GlassboxError, match="not an npz"):
        fetch(Deposit(server.url, file="other.npz"), tmp_path, timeout_s=5, pause_s=0)


def test_no_network_is_told_in_one_line(tmp_path: Path) -> None:
    """Nobody listens: the address, the reason and the way round."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/Data.zip"
    with pytest.raises(GlassboxError, match=r"no download .*refused.*network connection.*--from PATH") as refusal:
        fetch(Archive(url), tmp_path, timeout_s=2, pause_s=0)
    assert "\n" not in str(refusal.value)


def test_a_server_that_says_nothing_times_out(tmp_path: Path) -> None:
    """The connection is made and then silent."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/Data.zip"
        with pytest.raises(GlassboxError, match="timed out"):
            fetch(Archive(url), tmp_path, timeout_s=0.05, pause_s=0)


def test_a_full_disk_is_told(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In one line; what has come is kept for the next call."""

    def full(part: Path) -> Path:
        raise OSError(errno.ENOSPC, "No space left on device", str(part))

    monkeypatch.setattr(download, "_tag", full)
    with pytest.raises(GlassboxError, match=r"Data\.zip: disk full"):
        get(server, tmp_path)
