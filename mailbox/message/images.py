"""Images inside a message, as `data:` addresses: PNG, JPEG, GIF and WebP, told by their bytes and never by what the sender says."""

import base64
import binascii
import re
from urllib.parse import unquote

IMAGE_TYPES = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF87a", "image/gif"), (b"GIF89a", "image/gif"))
DATA_IMAGE = re.compile(r"data:image/(?:gif|jpe?g|png|webp)(?:;[^,;]{0,40}){0,3};base64,", re.IGNORECASE)


def image_type(content: bytes) -> str:
    """The content type of an image that a browser may show, or nothing. SVG is no image here: it is a document."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((content_type for magic, content_type in IMAGE_TYPES if content.startswith(magic)), "")


def data_url(content: bytes) -> str:
    """The image as an address that holds it; empty for anything that is no such image. RFC 2397."""
    content_type = image_type(content)
    return f"data:{content_type};base64,{base64.b64encode(content).decode()}" if content_type else ""


def image_in(source: str) -> bytes | None:
    """The bytes of an image that its address holds, empty where they cannot be read; None for any other address."""
    data = DATA_IMAGE.match(source.strip())
    if data is None:
        return None
    try:
        return base64.b64decode("".join(unquote(source.strip()[data.end() :]).split()), validate=True)
    except (binascii.Error, ValueError):
        return b""
