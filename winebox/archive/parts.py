"""What belongs into an archive: every model of the apps named in `settings.ARCHIVE`, but for what they leave out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import IO, TYPE_CHECKING, Any, Protocol

from django.apps import apps
from django.conf import settings
from django.db.models import Model, Q
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Row = dict[str, Any]


class FileStore(Protocol):
    """Files that belong to rows, such as photos."""

    folder: str

    def names(self) -> Iterator[str]:
        """Yield the names of the files that rows refer to, sorted."""

    def open(self, name: str) -> IO[bytes]:
        """Open a file; raises FileNotFoundError where it is gone."""

    def is_name(self, name: str) -> bool:
        """Return whether a file of this store can have such a name."""

    def refusal(self, name: str, content: bytes) -> str:
        """Return why a file of an archive cannot be one of these, or nothing."""

    def exists(self, name: str) -> bool: ...

    def save(self, name: str, content: bytes) -> None:
        """Write a file that is not there yet."""

    def delete(self, name: str) -> None: ...


@dataclass(frozen=True)
class Part:
    """What one app says about its rows in an archive; models are named in small letters, as in "wine"."""

    app: str
    # Models that are not in archives, and why.
    left_out: Mapping[str, str] = field(default_factory=dict)
    # What people call the rows of a model, where its own name does not say it; what matters most to them first.
    names: Mapping[str, _StrPromise] = field(default_factory=dict)
    # Rows that are not in archives: the condition for those that are.
    only: Mapping[str, Q] = field(default_factory=dict)
    # Fields that follow from others and are worked out when a row comes back.
    derived: Mapping[str, frozenset[str]] = field(default_factory=dict)
    # Called with each row of a model before it is written.
    prepare: Mapping[str, Callable[[Any], None]] = field(default_factory=dict)
    files: FileStore | None = None
    # Whether rows of this app are what makes an instance one that must not be overwritten by mistake.
    is_content: bool = True
    # Called when all rows are written; returns what the person should know.
    finish: Callable[[], Sequence[str]] = list
    # Called with a function that yields the rows of a model; returns what to know before this archive is restored.
    tell: Callable[[Callable[[str], Iterator[Row]]], Sequence[str]] = lambda _rows: ()
    # By format version: turns a row of that version into one of the next, or None to leave it out.
    upgrades: Mapping[int, Callable[[str, Row], Row | None]] = field(default_factory=dict)

    def name_of(self, model: type[Model]) -> str:
        """Return what people call the rows of a model."""
        return str(self.names.get(str(model._meta.model_name), model._meta.verbose_name_plural))

    def models(self) -> list[type[Model]]:
        """Return the models that are in archives, by name."""
        models = apps.get_app_config(self.app).get_models()
        chosen = [one for one in models if one._meta.model_name not in self.left_out]
        return sorted(chosen, key=lambda one: str(one._meta.model_name))


@cache
def parts() -> tuple[Part, ...]:
    """Return what the apps say, in the order of the settings."""
    return tuple(import_string(path) for path in settings.ARCHIVE)


def label_of(model: type[Model]) -> str:
    """Return how a model is named in archives: "cellar.wine"."""
    return model._meta.label_lower


def models() -> dict[str, tuple[Part, type[Model]]]:
    """Return everything that is in archives, by name."""
    return {label_of(model): (part, model) for part in parts() for model in part.models()}


def stores() -> dict[str, FileStore]:
    """Return the files that are in archives, by their folder."""
    return {part.files.folder: part.files for part in parts() if part.files is not None}
