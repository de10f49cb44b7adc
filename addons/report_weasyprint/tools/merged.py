"""A file of several documents: a bookmark for each, by its title."""

import io

from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, create_string_object

PRODUCER = "WeasyPrint"


def titles(streams):
    """``[(title, number of pages)]`` of PDF files; empty if none is WeasyPrint's."""
    readers = [PdfReader(stream) for stream in streams]
    found = [reader.metadata or {} for reader in readers]
    if not any(PRODUCER in str(data.get("/Producer")) for data in found):
        return []
    return [
        (str(data.get("/Title") or ""), len(reader.pages))
        for data, reader in zip(found, readers, strict=True)
    ]


def with_bookmarks(merged, documents, lang=""):
    """The merged file with a bookmark where each of ``documents`` begins."""
    writer = PdfWriter(clone_from=merged)
    page = 0
    for title, pages in documents:
        if title:
            writer.add_outline_item(title, page)
        page += pages
    writer.add_metadata({"/Title": documents[0][0], "/Producer": PRODUCER})
    if lang:
        writer.root_object[NameObject("/Lang")] = create_string_object(lang)
    result = io.BytesIO()
    writer.write(result)
    return result
