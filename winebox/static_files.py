"""How static files are kept: under names that change with their content, compressed once."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from whitenoise.storage import CompressedManifestStaticFilesStorage

HASHED = re.compile(r"\.[0-9a-f]{12}(\.|$)")


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Compresses what pages refer to, and only what a former start has not: nobody waits for it twice."""

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        fresh = [path for path in paths if HASHED.search(path) and not Path(self.path(f"{path}.br")).exists()]
        yield from super().compress_files(fresh)
