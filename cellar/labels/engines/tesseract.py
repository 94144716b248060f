"""Tesseract, run as a program of its own: a photo goes in, words with their places and confidences come out."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext as _
from PIL import Image

from cellar.labels.reading import pictures
from cellar.labels.reading.budget import LEAST_WORK, MOST_WORK, Budget, worked
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
# All languages at once take two or three times as long and add little but accents, so only one look has them.
_LOOK_WITH_ALL = 3
_COST_OF_ALL = 2.2
# Seconds of work in which the program starts on machines that are not slow (half of them on a usual one), and how many
# times slower a machine may be to be waited for.
_WORK_TO_START = 0.032
_SLOWEST = 6.0


class TesseractFailed(Exception):
    """Tesseract is not there, took too long, or stopped with an error; the text says which."""


class _CutShort(TesseractFailed):
    """The program had used the work it was given."""


def program() -> str | None:
    """Return where Tesseract is installed, or None."""
    return shutil.which("tesseract")


def is_installed() -> bool:
    return program() is not None


@dataclass(frozen=True, slots=True)
class Installed:
    """Those of our languages that the program has, English if it does not tell; and how slow the machine is.

    `pace` is 1 where Tesseract starts as quickly as on most machines, and as many times more as it takes longer.
    """

    languages: tuple[str, ...]
    pace: float


@cache
def installed(path: str) -> Installed:
    before = worked()
    try:
        listed = _run([path, "--list-langs"]).decode("utf-8", "replace").split()
    except TesseractFailed:
        listed = []
    pace = min(_SLOWEST, max(1.0, (worked() - before) / _WORK_TO_START))
    return Installed(tuple(language for language in LANGUAGES if language in listed) or ("eng",), pace)


def budget() -> Budget:
    """Return what a reading may cost here: a small machine that needs longer for everything gets longer."""
    path = program()
    return Budget(MOST_WORK * (installed(path).pace if path else 1.0))


def looks(photo: bytes, budget: Budget) -> Iterator[list[ReadWord]]:
    """Yield what Tesseract reads, one look after the other, while the budget allows; whoever has enough stops asking.

    A look that is as dear as all that is left reads nothing: that is a wall, or a page of a book.
    """
    path = program()
    if path is None:
        raise TesseractFailed(_("Tesseract is not installed"))
    spoken = installed(path).languages
    image = pictures.opened(photo)
    dearest = 0.0
    for number, (preparation, segmentation) in enumerate(LOOKS):
        has_all = number == _LOOK_WITH_ALL
        if not budget.allows(dearest * (_COST_OF_ALL if has_all and len(spoken) > 1 else 1)):
            continue
        before = worked()
        try:
            words = read(path, preparation(image), segmentation, spoken if has_all else spoken[:1], budget)
        except _CutShort:
            words = []
        if not has_all:
            dearest = max(dearest, worked() - before)
        yield words


def read(path: str, picture: Image.Image, segmentation: int, spoken: tuple[str, ...], budget: Budget) -> list[ReadWord]:
    """Return the words of one prepared picture."""
    command = [path, "stdin", "stdout", "-l", "+".join(spoken), "--psm", str(segmentation), "--dpi", "300", "tsv"]
    answer = _run(command, pictures.as_bytes(picture), work=int(budget.left))
    return list(_words(answer.decode("utf-8", "replace")))


def _run(command: list[str], given: bytes = b"", *, work: int = TIMEOUT) -> bytes:
    """Return what a program prints, given at most so many seconds of work."""
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
        raise _stopped(type(error).__name__) from error
    with process:
        try:
            _limit(process, max(LEAST_WORK, work))
            answer, _nothing = process.communicate(given, timeout=TIMEOUT)
        except subprocess.TimeoutExpired as error:
            raise TesseractFailed(_("Tesseract took longer than %(seconds)d seconds") % {"seconds": TIMEOUT}) from error
        finally:
            _end(process)
    if process.returncode == -signal.SIGXCPU:
        raise _CutShort(f"Tesseract took more than {work} seconds of work")
    if process.returncode:
        raise _stopped(str(process.returncode))
    return answer


def _stopped(why: str) -> TesseractFailed:
    return TesseractFailed(_("Tesseract stopped with an error (%(why)s)") % {"why": why})


def _limit(process: subprocess.Popen[bytes], work: int) -> None:
    """Let the system end the program after so many seconds of work, where the system can."""
    if hasattr(resource, "prlimit"):
        with suppress(ProcessLookupError):
            resource.prlimit(process.pid, resource.RLIMIT_CPU, (work, work + 1))


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
