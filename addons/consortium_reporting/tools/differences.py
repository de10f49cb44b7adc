"""What changed between two contents of an annual report, for people to read."""

from .formats import NOTHING, cell, shown
from .rich_text import plain

LONGEST = 300


def differences(before, after, lang="fr_CA"):
    """Compare two versions (``{"sections": [...]}``) of a report.

    :return: ``[{"section", "what", "before", "after"}]`` in the order of the report;
        ``before`` and ``after`` are texts, empty when there was or is nothing
    """
    old, new = _by_code(before), _by_code(after)
    changes = []
    for code in [*new, *(code for code in old if code not in new)]:
        title = (new.get(code) or old[code])["title"]
        was, now = _facts(old.get(code), lang), _facts(new.get(code), lang)
        for what in [*now, *(what for what in was if what not in now)]:
            if was.get(what) != now.get(what):
                changes.append(
                    {
                        "section": title,
                        "what": " › ".join(part for part in what[1:] if part),
                        "before": _short(was.get(what)),
                        "after": _short(now.get(what)),
                    }
                )
    return changes


def _by_code(version):
    return {section["code"]: section for section in (version or {}).get("sections", ())}


def _short(text):
    if text is None:
        return ""
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()}…"


def _facts(section, lang):
    """Each thing that a section says, by what it is about."""
    found = {}
    if section is None:
        return found
    if section.get("problem"):
        found["problem", ""] = section["problem"]
    for block in section["blocks"]:
        for key, text in READERS.get(block["kind"], _nothing)(block, lang):
            rank, each = 1, key
            while each in found:
                rank += 1
                each = (*key, f"({rank})")
            found[each] = text
    return found


def _nothing(_block, _lang):
    return ()


def _of_text(block, _lang):
    yield ("text", block.get("title") or ""), plain(block["html"])


def _of_note(block, _lang):
    yield ("note", ""), block["text"]


def _of_figures(block, lang):
    for item in block["items"]:
        yield ("figure", item["label"]), shown(item["value"], item["unit"], lang)


def _of_table(block, lang):
    columns = block["columns"]
    for row in block["rows"]:
        name, *told = (
            cell(row, rank, column["unit"], lang) for rank, column in enumerate(columns)
        )
        if not told:
            yield ("table", block["title"], name), name
        for column, text in zip(columns[1:], told, strict=True):
            if text not in ("", NOTHING):
                yield ("table", block["title"], name, column["label"]), text


READERS = {
    "text": _of_text,
    "note": _of_note,
    "figures": _of_figures,
    "table": _of_table,
}
