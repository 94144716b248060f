"""A QR code as the path of an SVG, which a template draws."""

from dataclasses import dataclass

import segno

# The white margin that scanners need, in modules.
MARGIN = 4


@dataclass(frozen=True)
class Picture:
    size: int
    path: str


def picture(text: str) -> Picture:
    """Return the dark modules of the code of this text: for each run of them a line of height 1."""
    matrix = segno.make(text, error="m", micro=False).matrix
    runs = []
    for y, row in enumerate(matrix):
        start = None
        for x, dark in enumerate([*row, 0]):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                runs.append(f"M{start + MARGIN} {y + MARGIN}h{x - start}v1h-{x - start}z")
                start = None
    return Picture(size=len(matrix) + 2 * MARGIN, path="".join(runs))
