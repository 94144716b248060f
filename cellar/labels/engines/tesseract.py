"""Tesseract, run as a program of its own: a photo goes in, words with their places and confidences come out."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from functools import cache

from PIL import Image

from cellar.labels.reading import pictures
from cellar.labels.reading.checked import one_line
from cellar.labels.reading.pictures import Preparation
from cellar.labels.reading.words import ReadWord

NAME = "tesseract"
LANGUAGES = ("eng", "fra", "ita", "deu", "spa")
# Seconds for one look at a photo, which takes half a second; a machine in trouble must not keep a person waiting.
TIMEOUT = 15
SPARSE, BLOCK = 11, 6
_COLUMNS = ("level", "page", "block", "par", "line", "word", "left", "top", "width", "height", "conf", "text")
_WORD_LEVEL = "5"
_LONGEST_WORD = 60
_MOST_ROWS = 2_000
_LONGEST_FIGURE = 12

# What is looked at, the most telling first; each costs about half a second.
LOOKS: tuple[tuple[Preparation, int], ...] = (
    (pictures.levelled, SPARSE),
    (pictures.distinct, SPARSE),
    (pictures.unrolled, SPARSE),
    (pictures.plain, SPARSE),
    (pictures.levelled, BLOCK),
    (pictures.turned, SPARSE),
)
# All languages at once take three times as long and add little but accents, so only one look has them.
_LOOK_WITH_ALL = 3


class TesseractFailed(Exception):
    """Tesseract is not there, took too long, or stopped with an error; the text says which."""


def program() -> str | None:
    """Return where Tesseract is installed, or None."""
    return shutil.which("tesseract")


def is_installed() -> bool:
    return program() is not None


@cache
def languages(path: str) -> tuple[str, ...]:
    """Return those of our languages that are installed with the program; English if it does not tell."""
    try:
        listed = _run([path, "--list-langs"]).decode("utf-8", "replace").split()
    except TesseractFailed:
        listed = []
    return tuple(language for language in LANGUAGES if language in listed) or ("eng",)


def looks(photo: bytes) -> Iterator[list[ReadWord]]:
    """Yield what Tesseract reads, one look after the other: whoever has enough stops asking."""
    path = program()
    if path is None:
        raise TesseractFailed("Tesseract is not installed")
    installed = languages(path)
    image = pictures.opened(photo)
    for number, (preparation, segmentation) in enumerate(LOOKS):
        spoken = installed if number == _LOOK_WITH_ALL else installed[:1]
        yield read(path, preparation(image), segmentation, spoken)


def read(path: str, picture: Image.Image, segmentation: int, spoken: tuple[str, ...]) -> list[ReadWord]:
    """Return the words of one prepared picture."""
    command = [path, "stdin", "stdout", "-l", "+".join(spoken), "--psm", str(segmentation), "--dpi", "300", "tsv"]
    return list(_words(_run(command, pictures.as_bytes(picture)).decode("utf-8", "replace")))


def _run(command: list[str], given: bytes = b"") -> bytes:
    environment = {name: os.environ[name] for name in ("PATH", "TESSDATA_PREFIX") if name in os.environ}
    # With threads of its own it is no quicker on a small machine and leaves nothing for the pages.
    environment |= {"OMP_THREAD_LIMIT": "1", "LC_ALL": "C"}
    try:
        # A group of its own, so that nothing which it started is left behind.
        process = subprocess.Popen(  # noqa: S603 (a fixed list of arguments, no shell)
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        )
    except OSError as error:
        raise TesseractFailed(f"Tesseract stopped with an error ({type(error).__name__})") from error
    with process:
        try:
            answer, _nothing = process.communicate(given, timeout=TIMEOUT)
        except subprocess.TimeoutExpired as error:
            raise TesseractFailed(f"Tesseract took longer than {TIMEOUT} seconds") from error
        finally:
            _end(process)
    if process.returncode:
        raise TesseractFailed(f"Tesseract stopped with an error ({process.returncode})")
    return answer


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the program and all that it started; where it ended by itself there is nothing to do."""
    with suppress(ProcessLookupError, PermissionError):
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)


def _words(table: str) -> Iterator[ReadWord]:
    """Yield the words of the table that Tesseract prints, without what no form takes; other rows are left out."""
    for row in table.split("\n")[:_MOST_ROWS]:
        cells = row.rstrip("\r").split("\t")
        text = one_line(cells[-1][: 4 * _LONGEST_WORD])[:_LONGEST_WORD]
        if len(cells) != len(_COLUMNS) or cells[0] != _WORD_LEVEL or not text:
            continue
        try:
            block, par, line, _word, left, top, width, height = (int(cell[:_LONGEST_FIGURE]) for cell in cells[2:10])
            confidence = float(cells[10]) / 100
        except ValueError:
            continue
        yield ReadWord(
            text=text,
            confidence=min(1.0, max(0.0, confidence)),
            left=left,
            top=top,
            width=width,
            height=height,
            line=(block, par, line),
        )
