"""Reads a PDF as somebody would who holds it: its words, and whether there is ink at all."""

from __future__ import annotations

import io

import pypdfium2
from pypdf import PdfReader


def words_of(pdf: bytes) -> str:
    """The text of all pages, blanks and line ends made one blank."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def ink(pdf: bytes, page: int = 0) -> float:
    """The share of a page that is not white."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        picture = document[page].render(scale=1, grayscale=True).to_pil()
        histogram = picture.histogram()
    finally:
        document.close()
    return 1 - sum(histogram[250:]) / sum(histogram)
