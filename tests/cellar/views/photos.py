"""Photos as a browser uploads them."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def jpeg(colour: str = "maroon", size: tuple[int, int] = (60, 80)) -> BytesIO:
    """Return a small photo of one colour."""
    content = BytesIO()
    Image.new("RGB", size, colour).save(content, "JPEG")
    content.seek(0)
    return content


def upload(colour: str = "maroon", name: str = "bottle.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, jpeg(colour).getvalue(), content_type="image/jpeg")


def not_a_photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("bottle.jpg", b"This is no photo at all.", content_type="image/jpeg")
