"""Fetch the official archives of a data set: resumed where they broke off, checked, never half there."""

import errno
import hashlib
import http.client
import ssl
import time
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

from glassbox.data.acquire import Tell, sha256
from glassbox.data.labelled import Deposit
from glassbox.data.loader import Archive
from glassbox.errors import GlassboxError

CHUNK_BYTES = 1 << 20
ATTEMPTS = 5


def fetch(archive: Archive, folder: Path, tell: Tell | None = None, timeout_s: float = 30, pause_s: float = 2) -> Path:
    """Download ``archive`` into ``folder`` and return its path; a file that is there already and whole is kept.

    Bytes go to ``<name>.part``, which a later call resumes with an HTTP range, provided the server still has the same
    file (If-Range with its ETag). A broken connection is resumed up to 5 times in a row without progress, ``pause_s``
    seconds apart. Beside the archive, ``<name>.sha256`` keeps its checksum, against which it is checked ever after;
    before, against the one that its publisher gives, SHA-256 or the MD5 of a `Deposit`.

    Raises `GlassboxError` without a network, when the server refuses, on a full disk and on a wrong checksum.
    """
    target = folder / archive.name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            part = folder / f"{archive.name}.part"
            _resume(archive, part, tell, timeout_s, pause_s)
            kind = target.suffix.removeprefix(".")
            if kind in ("zip", "npz") and not zipfile.is_zipfile(part):
                part.unlink()
                found = f"what came is not {'an' if kind == 'npz' else 'a'} {kind}"
                raise GlassboxError(archive.url, found, "the official archive", "the command again")
            part.rename(target)
            _tag(part).unlink(missing_ok=True)
        _check(archive, target)
    except OSError as fault:
        found = "disk full" if fault.errno == errno.ENOSPC else f"{fault.strerror} ({fault.filename})"
        raise GlassboxError(target, found, "room and permission to write the archive", "the command again") from None
    return target


def _resume(archive: Archive, part: Path, tell: Tell | None, timeout_s: float, pause_s: float) -> None:
    """Ask for what is missing until all of it is there; give up after `ATTEMPTS` answers that brought nothing."""
    failures, reason = 0, ""
    while failures < ATTEMPTS:
        before = part.stat().st_size if part.exists() else 0
        try:
            if _transfer(archive, part, before, tell, timeout_s):
                return
            reason = "connection closed early"
        except urllib.error.HTTPError as fault:
            if 400 <= fault.code < 500 and fault.code not in (408, 429):
                raise GlassboxError(
                    archive.url, f"refused ({fault.code} {fault.reason})", "the official archive"
                ) from None
            reason = f"{fault.code} {fault.reason}"
        except (urllib.error.URLError, http.client.HTTPException, ssl.SSLError, ConnectionError, TimeoutError) as fault:
            reason = str(getattr(fault, "reason", None) or fault or type(fault).__name__)
        after = part.stat().st_size if part.exists() else 0
        failures = 0 if after > before else failures + 1
        time.sleep(pause_s if failures < ATTEMPTS else 0)
    mend = "the command again (it resumes), or fetch it elsewhere and use --from PATH"
    raise GlassboxError(archive.url, f"no download ({reason})", "a network connection", mend)


def _transfer(archive: Archive, part: Path, start: int, tell: Tell | None, timeout_s: float) -> bool:
    """One request; whether the file is complete afterwards."""
    request = urllib.request.Request(archive.url, headers={"User-Agent": "glassbox"})
    tag = _tag(part).read_text() if _tag(part).exists() else ""
    if start and tag:
        request.add_header("Range", f"bytes={start}-")
        request.add_header("If-Range", tag)
    try:
        answer = urllib.request.urlopen(request, timeout=timeout_s)
    except urllib.error.HTTPError as fault:
        with fault:
            if fault.code != 416:
                raise
            whole = fault.headers.get("Content-Range", "") == f"bytes */{start}"
        if not whole:
            part.unlink()  # longer than the archive: not its beginning
        return whole
    with answer:
        if answer.status != 206:
            start = 0  # the server sends everything, or its file has changed
            _tag(part).write_text(answer.headers.get("ETag") or "")
        elif not answer.headers.get("Content-Range", "").startswith(f"bytes {start}-"):
            raise http.client.HTTPException("another range than asked for")
        total = start + int(answer.headers.get("Content-Length") or 0)
        with part.open("ab" if start else "wb") as out:
            done = start
            while chunk := answer.read(CHUNK_BYTES):
                out.write(chunk)
                done += len(chunk)
                if tell is not None:
                    tell(archive.name, done, total)
    return done >= total


def _tag(part: Path) -> Path:
    return part.with_name(f"{part.name}.etag")


def _check(archive: Archive, target: Path) -> None:
    record = target.with_name(f"{target.name}.sha256")
    expected = archive.sha256 or (record.read_text().split()[0] if record.exists() else "")
    found = sha256(target)
    _refuse(target, "sha256", found, expected)
    if not record.exists():
        if isinstance(archive, Deposit):
            _refuse(target, "md5", _md5(target), archive.md5)
        record.write_text(f"{found}  {target.name}\n")


def _refuse(target: Path, kind: str, found: str, expected: str) -> None:
    """Raise `GlassboxError` where the checksum is another than expected; an empty one is unknown."""
    if expected and found != expected:
        mend = f"rm {target}, then the command again"
        raise GlassboxError(target, f"{kind} {found[:12]}...", f"{expected[:12]}...", mend)


def _md5(path: Path) -> str:
    """MD5 of a file, in hex: proof against a broken download, not against a forger."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
