"""For Odoo's shell: is every string of our addons translated to fr_CA?

Compares what Odoo exports with each addon's ``.pot`` and ``fr_CA.po``; renews both
when asked to fix, leaving the new strings to translate.
"""

import io
import os
import re
import sys
from pathlib import Path

import polib
from odoo.modules import get_module_path
from odoo.tools.translate import trans_export

PLACEHOLDER = re.compile(r"%\(\w+\)[sdf]|%[sd]|\{\w*\}")


def exported(addon):
    """The strings of an addon, as Odoo finds them in its files and records."""
    content = io.BytesIO()
    if not trans_export(None, [addon], content, "po", env):
        return polib.POFile()
    return polib.pofile(content.getvalue().decode())


def read(path):
    return polib.pofile(str(path)) if path.exists() else polib.POFile()


def renew(pot, folder, addon):
    """Write the ``.pot``, and bring the ``.po`` to its strings."""
    for entry in pot:
        entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
    pot.metadata = {
        "Project-Id-Version": "Odoo Server 19.0",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "",
    }
    folder.mkdir(exist_ok=True)
    pot.save(str(folder / f"{addon}.pot"))
    po = read(folder / "fr_CA.po")
    po.metadata = {
        **pot.metadata,
        "Language": "fr_CA",
        "Plural-Forms": "nplurals=2; plural=(n > 1);",
    }
    po.merge(pot)
    for entry in [entry for entry in po if entry.obsolete]:
        po.remove(entry)
    for entry in po:
        entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
        entry.previous_msgid = None
    po.sort(key=lambda entry: entry.msgid)
    po.save(str(folder / "fr_CA.po"))


def complaints(pot, folder, addon):
    """What is not as it should be, a line each."""
    french = {entry.msgid: entry for entry in read(folder / "fr_CA.po")}
    sources = {entry.msgid for entry in pot}
    for msgid in sorted(sources):
        entry = french.get(msgid)
        if not entry or not entry.msgstr or entry.fuzzy:
            yield f"{addon}: not translated: {msgid!r}"
        elif sorted(PLACEHOLDER.findall(msgid)) != sorted(
            PLACEHOLDER.findall(entry.msgstr)
        ):
            yield f"{addon}: other placeholders in the translation of {msgid!r}"
    for msgid in sorted(set(french) - sources):
        yield f"{addon}: translated, but no longer there: {msgid!r}"
    if {entry.msgid for entry in read(folder / f"{addon}.pot")} != sources:
        yield f"{addon}: {addon}.pot is out of date: ./consortium lint --fix renews it"


found = []
for addon in os.environ["CONSORTIUM_ADDONS"].split(","):
    strings, i18n = exported(addon), Path(get_module_path(addon), "i18n")
    if os.environ.get("CONSORTIUM_FIX") and len(strings):
        renew(strings, i18n, addon)
    found += complaints(strings, i18n, addon)
print("\n".join(found[:200]))
sys.exit(1 if found else 0)
