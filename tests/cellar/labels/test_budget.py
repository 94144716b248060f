"""What a reading may cost: work that is counted, and programs that are ended when they had enough of it."""

import os
from pathlib import Path

import pytest
from PIL import Image

from cellar.labels.engines import tesseract
from cellar.labels.reading import local
from cellar.labels.reading.budget import MOST_WORK, Budget, worked
from cellar.labels.reading.known import shipped
from tests.cellar.labels import tesseracts

pytestmark = pytest.mark.once

PHOTO = tesseracts.drawn_label(())
FOR_EVER = "while :; do :; done"


def test_work_of_this_thread_and_of_programs_that_ended_is_counted() -> None:
    before = worked()
    os.waitpid(os.spawnlp(os.P_NOWAIT, "sh", "sh", "-c", "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done"), 0)
    programs = worked()
    assert programs > before
    sum(number * number for number in range(300_000))
    assert worked() > programs


def test_what_would_cost_more_than_is_left_is_not_allowed() -> None:
    assert Budget(3.0).allows(2.5)
    assert not Budget(3.0).allows(3.5)
    assert not Budget(3.0).without(1.4).allows(2.5)


def test_less_than_the_time_that_a_program_can_be_given_is_nothing() -> None:
    assert not Budget(0.9).allows(0.1)


def test_who_waited_too_long_begins_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cellar.labels.reading.budget.MOST_WAITING", 0.0)
    assert not Budget(3.0).allows(1.0)


def test_a_program_that_works_without_end_is_ended_when_its_work_is_used_up(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tesseracts.put(monkeypatch, tmp_path, f"case $* in *tsv) {FOR_EVER};; esac")
    path = tesseract.program()
    assert path
    with pytest.raises(tesseract._CutShort, match="more than 1 seconds of work"):
        tesseract.read(path, Image.new("L", (8, 8)), tesseract.SPARSE, ("eng",), Budget(1.5))


def test_a_photo_that_is_too_dear_to_read_is_one_where_nothing_is_readable(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tesseract, "MOST_WORK", 1.9)
    tesseracts.put(monkeypatch, tmp_path, f"case $* in *tsv) {FOR_EVER};; esac")
    reading = local.read([PHOTO], shipped())
    assert reading.is_empty
    assert list(reading.warnings) == ["Nothing readable was found on this photo."]


def test_a_look_that_would_cost_as_much_as_the_last_one_and_more_than_is_left_is_not_begun(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tesseracts.put(monkeypatch, tmp_path, f"case $* in *tsv) {FOR_EVER};; esac")
    assert list(tesseract.looks(PHOTO, Budget(2.2))) == [[]]


def test_instead_of_a_look_that_is_too_dear_a_cheaper_one_is_begun(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tesseracts.reads(monkeypatch, tmp_path, "KETTMEIR")
    monkeypatch.setattr(tesseract, "_COST_OF_ALL", 10_000.0)
    tesseracts.put(
        monkeypatch, tmp_path, f"case $* in --list-langs) echo eng fra;; *) cat '{tmp_path}/read.tsv';; esac"
    )
    assert len(list(tesseract.looks(PHOTO, Budget(MOST_WORK)))) == len(tesseract.LOOKS) - 1


def test_what_a_single_look_says_is_sure_of_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tesseract, "LOOKS", tesseract.LOOKS[:1])
    tesseracts.reads(monkeypatch, tmp_path / "bin", *tesseracts.KETTMEIR)
    fields = local.read([PHOTO], shipped()).fields
    assert (fields["vintage"].value, fields["producer"].value) == ("2019", "Kettmeir")
    assert not [name for name, finding in fields.items() if finding.is_sure]


def test_a_machine_that_is_slow_gets_longer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tesseracts.put(monkeypatch, tmp_path / "quick", "echo eng")
    assert tesseract.budget().work == MOST_WORK
    tesseracts.put(monkeypatch, tmp_path / "slow", "i=0; while [ $i -lt 400000 ]; do i=$((i+1)); done; echo eng")
    assert tesseract.budget().work > 2 * MOST_WORK
