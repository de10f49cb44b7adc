"""What may be attached to a request. Pure: the real type is told by the caller."""

MEGABYTE = 1024 * 1024
OOXML = "application/vnd.openxmlformats-officedocument."
OASIS = "application/vnd.oasis.opendocument."
TEXT = {"text/plain", "text/csv", "application/octet-stream"}
# Extension -> real types, as read from the content.
ALLOWED = {
    "csv": TEXT,
    "docx": {OOXML + "wordprocessingml.document"},
    "jpeg": {"image/jpeg"},
    "jpg": {"image/jpeg"},
    "odp": {OASIS + "presentation"},
    "ods": {OASIS + "spreadsheet"},
    "odt": {OASIS + "text"},
    "pdf": {"application/pdf"},
    "png": {"image/png"},
    "pptx": {OOXML + "presentationml.presentation"},
    "txt": TEXT,
    "xlsx": {OOXML + "spreadsheetml.sheet"},
}
# Texts in an older encoding read as any content: looked at more closely.
TEXTS = frozenset({"csv", "txt"})


def extension(name):
    """The extension of a file name, in lower case; empty when it has none."""
    stem, dot, last = (name or "").rpartition(".")
    return last.lower().strip() if dot and stem else ""


def problem(name, content, real_type, limit):
    """Why a file is refused.

    :param content: its bytes
    :param real_type: what its content says that it is
    :param limit: in bytes
    :return: ``size``, ``empty``, ``kind`` (not of the list), ``disguised`` (not what
        its name says), or ``None``
    """
    if len(content) > limit:
        return "size"
    if not content:
        return "empty"
    allowed = ALLOWED.get(extension(name))
    if allowed is None:
        return "kind"
    if real_type not in allowed:
        return "disguised"
    if extension(name) in TEXTS and not _is_text(content):
        return "disguised"
    return None


def _is_text(content):
    """No zero byte, and neither a page nor a program that a browser would run."""
    head = content[:2048].lstrip().lower()
    return b"\x00" not in content and not head.startswith((b"<", b"#!", b"mz"))
