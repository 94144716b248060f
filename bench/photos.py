"""A photo of a phone, from the upload to the stored label."""

from __future__ import annotations

import io
import random
import resource
import statistics
import subprocess
import sys
import time

from PIL import Image

from bench.report import Row

PIXELS = (4000, 3000)
TIMES = 5
MAX_BYTES = 64 * 1024 * 1024


def photo() -> bytes:
    """Return a JPEG of 12 megapixels with as much detail as a photo has."""
    noise = random.Random(1).randbytes(400 * 300 * 3)
    picture = Image.frombytes("RGB", (400, 300), noise).resize(PIXELS, Image.Resampling.BICUBIC)
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=90)
    return file.getvalue()


def main() -> None:
    """Print the median seconds of one photo and what it took in memory, in MB."""
    from cellar.labels.sanitise import sanitise

    upload = photo()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    times = []
    for _time in range(TIMES):
        start = time.perf_counter()
        sanitise(io.BytesIO(upload), max_bytes=MAX_BYTES)
        times.append(time.perf_counter() - start)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    sys.stdout.write(f"{statistics.median(times)} {grown}\n")


def photo_rows() -> list[Row]:
    # In a process of its own, so that only the photo counts.
    printed = subprocess.run([sys.executable, "-m", "bench.photos"], capture_output=True, text=True, check=True).stdout
    seconds, megabytes = (float(figure) for figure in printed.split())
    return [
        Row("12-megapixel photo to label and thumbnails", seconds, 0.7, "s"),
        Row("memory of that photo, above the process", megabytes, 150, "MB"),
    ]


if __name__ == "__main__":
    main()
