from datetime import date
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..tools import charts, differences, formats, periods, rich_text
from ..tools.canonical import canonical

SVG = "{http://www.w3.org/2000/svg}"
numbers = st.integers(min_value=-(10**13), max_value=10**13)
labels = st.lists(st.text(max_size=60), min_size=1, max_size=20)


@tagged("post_install", "-at_install")
class TestFormats(BaseCase):
    def test_french(self):
        for value, unit, expected in (
            (294750, "money", "2 947,50 $"),
            (-294750, "money", "-2 947,50 $"),
            (356996449, "dollars", "3 569 964 $"),
            (356996450, "dollars", "3 569 965 $"),
            (123000, "share", "12,3 %"),
            (1_000_000, "share", "100,0 %"),
            (3_828_000, "hours", "63 800 h"),
            (1056, "count", "1 056"),
            (None, "money", "–"),
            ("2019-06-30", "date", "2019-06-30"),
        ):
            self.assertEqual(
                formats.shown(value, unit), expected.replace(" ", formats.NBSP)
            )

    def test_english(self):
        self.assertEqual(formats.shown(-294750, "money", "en_US"), "-$2,947.50")
        self.assertEqual(formats.shown(123456, "share", "en_US"), "12.3%")

    @given(numbers, st.integers(min_value=1, max_value=10**6))
    def test_half_up_is_the_nearest(self, part, whole):
        self.assertLessEqual(
            abs(2 * (formats.half_up(part, whole) * whole - part)), whole
        )
        self.assertEqual(formats.half_up(-part, whole), -formats.half_up(part, whole))

    @given(numbers)
    def test_money_reads_back(self, value):
        shown = formats.shown(value, "money")
        kept = "".join(char for char in shown if char in "-0123456789")
        self.assertEqual(int(kept), value)


@tagged("post_install", "-at_install")
class TestPeriods(BaseCase):
    def test_months_end_at_their_end(self):
        for day, months, expected in (
            (date(2019, 6, 30), 6, date(2019, 12, 31)),
            (date(2019, 2, 28), 6, date(2019, 8, 31)),
            (date(2020, 8, 31), 6, date(2021, 2, 28)),
            (date(2019, 3, 15), 6, date(2019, 9, 15)),
            (date(2019, 8, 30), 6, date(2020, 2, 29)),
        ):
            self.assertEqual(periods.after(day, months, "months"), expected)

    def test_days_and_years(self):
        self.assertEqual(
            periods.after(date(2019, 10, 17), 30, "days"), date(2019, 11, 16)
        )
        self.assertEqual(
            periods.after(date(2019, 10, 17), -5, "days"), date(2019, 10, 12)
        )
        self.assertEqual(
            periods.after(date(2020, 2, 29), 1, "years"), date(2021, 2, 28)
        )

    def test_label(self):
        self.assertEqual(
            periods.label(date(2018, 7, 1), date(2019, 6, 30)), "2018-2019"
        )
        self.assertEqual(periods.label(date(2019, 1, 1), date(2019, 12, 31)), "2019")


@tagged("post_install", "-at_install")
class TestRichText(BaseCase):
    def test_only_text_is_left(self):
        dirty = (
            '<h1>T</h1><script>alert("x")</script><p onclick="x()" style="color:red">'
            'a<img src="http://x.test/p.png" onerror="x()"></p><svg onload="x()"></svg>'
            '<iframe src="//x.test"></iframe><style>p{}</style><form><input></form>'
        )
        self.assertEqual(rich_text.clean(dirty), "<h3>T</h3><p>a</p>")

    def test_links(self):
        for href, kept in (
            ("https://x.test/?a=1&b=2", True),
            ("mailto:a@x.test", True),
            ("javascript:alert(1)", False),
            (" JaVaScRiPt:alert(1)", False),
            ("data:text/html;base64,AAAA", False),
            ("/web/session/logout", False),
        ):
            cleaned = rich_text.clean(f'<a href="{href}">k</a>'.replace("&", "&amp;"))
            self.assertEqual("href" in cleaned, kept, href)

    def test_what_the_parser_moves(self):
        """An element in one that can't hold it, once what was between them is gone."""
        for dirty in (
            "<a href='x:x'><script:x'><a href='https://x.test'>k",
            "<b <p><onclick=x <p><p>",
        ):
            once = rich_text.clean(dirty)
            self.assertEqual(rich_text.clean(once), once)

    def test_plain(self):
        self.assertEqual(
            rich_text.plain("<p>Un <b>mot</b></p><p> deux</p>"), "Un mot deux"
        )
        for nothing in (None, "", "  ", "<p><br></p>", "<script>x</script>"):
            self.assertEqual(rich_text.plain(nothing), "")

    @given(st.text(max_size=300))
    def test_any_text_is_harmless_and_stays_so(self, text):
        once = rich_text.clean(text)
        self.assertEqual(rich_text.clean(once), once)
        for forbidden in ("<script", "<img", "<svg", "<iframe"):
            self.assertNotIn(forbidden, once.lower())

    @given(
        st.lists(
            st.sampled_from(
                ["<p>", "</p>", "<b ", "onclick=x ", ">", "<script>", "</script>", "<",
                 "<a href='java", "script:x'>", "&lt;script&gt;", "<!--", "-->", "é"]
            ),
            max_size=25,
        )
    )  # fmt: skip
    def test_any_markup_is_harmless(self, parts):
        once = rich_text.clean("".join(parts))
        self.assertEqual(rich_text.clean(once), once)
        for element in ElementTree.fromstring(
            f"<x>{once.replace('<br>', '<br/>')}</x>"
        ).iter():
            self.assertIn(element.tag, {"x", *rich_text.KEPT})
            self.assertFalse(set(element.keys()) - {"href"})


@tagged("post_install", "-at_install")
class TestCharts(BaseCase):
    def drawn(self, drawing):
        root = ElementTree.fromstring(drawing)
        self.assertEqual(root.tag, f"{SVG}svg")
        self.assertEqual(root.get("role"), "img")
        return root

    def test_bar_has_a_bar_a_value(self):
        root = self.drawn(
            charts.bar("T", ["a", "b"], [("x", [1, 2]), ("y", [None, -3])])
        )
        # Three values, and two squares of the legend.
        self.assertEqual(len(root.findall(f"{SVG}rect")), 5)
        words = [text.text for text in root.iter(f"{SVG}text")]
        for value in ("1", "2", "-3", "–"):
            self.assertIn(value, words)

    def test_line_has_a_point_a_value(self):
        root = self.drawn(charts.line("T", list("abcd"), [("x", [20, 25, None, 56])]))
        self.assertEqual(len(root.findall(f"{SVG}circle")), 3)

    def test_donut_tells_shares(self):
        root = self.drawn(
            charts.donut("T", ["a", "b", "c"], [3, 1, 0], show_share=lambda m: str(m))
        )
        self.assertEqual(len(root.findall(f"{SVG}path")), 2)
        words = [text.text for text in root.iter(f"{SVG}text")]
        self.assertIn("750000", words)
        self.assertIn("4", words)

    def test_nothing_to_draw(self):
        self.drawn(charts.bar("T", [], []))
        self.drawn(charts.line("T", [], [("x", [])]))
        self.drawn(charts.donut("T", ["a"], [0]))
        self.drawn(charts.bar("T", ["a"], [("x", [0])]))

    def test_words_for_those_who_do_not_see(self):
        root = self.drawn(charts.bar("Heures <b>", ["a & b"], [("x", [7])]))
        self.assertEqual(root.find(f"{SVG}title").text, "Heures <b>")
        self.assertEqual(root.find(f"{SVG}desc").text, "Heures <b>. a & b: 7")

    def test_colours_are_dark_enough_for_a_white_ground(self):
        """Contrast of 3 at least, as WCAG asks of graphics."""
        for colour in charts.COLOURS:
            parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
            linear = [
                c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
                for c in parts
            ]
            light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
            self.assertGreaterEqual(1.05 / (light + 0.05), 3, colour)

    @given(labels, st.data())
    def test_any_figures_make_a_drawing(self, names, data):
        names = [
            "".join(c for c in name if c >= " " and c.isprintable()) for name in names
        ]
        some = st.lists(st.none() | numbers, min_size=len(names), max_size=len(names))
        values, others = data.draw(some), data.draw(some)
        self.drawn(charts.bar("T", names, [("x", values), ("y", others)]))
        self.drawn(charts.line("T", names, [("x", values)]))
        self.drawn(charts.donut("T", names, values))


@tagged("post_install", "-at_install")
class TestDifferences(BaseCase):
    def version(self, value, html="<p>Un</p>"):
        table = {
            "kind": "table",
            "code": "t",
            "title": "T",
            "columns": [
                {"label": "a", "unit": "text"},
                {"label": "b", "unit": "money"},
            ],
            "rows": [{"cells": ["ligne", value]}],
            "notes": [],
        }
        text = {"kind": "text", "title": "", "html": html}
        section = {
            "code": "s",
            "title": "S",
            "state": "done",
            "problem": None,
            "blocks": [table, text],
        }
        return {"sections": [section]}

    def test_none(self):
        self.assertEqual(differences.differences(self.version(5), self.version(5)), [])

    def test_a_figure(self):
        changes = differences.differences(self.version(500), self.version(294750))
        self.assertEqual(
            changes,
            [
                {
                    "section": "S",
                    "what": "T › ligne › b",
                    "before": "5,00\u00a0$",
                    "after": "2\u00a0947,50\u00a0$",
                }
            ],
        )

    def test_a_text_and_what_is_gone(self):
        changes = differences.differences(
            self.version(5), self.version(None, "<p>Deux</p>")
        )
        self.assertEqual(
            [(c["before"], c["after"]) for c in changes],
            [("Un", "Deux"), ("5".join(("0,0", "\u00a0$")), "")],
        )

    def test_a_section(self):
        changes = differences.differences({"sections": []}, self.version(5))
        self.assertEqual(len(changes), 2)
        self.assertFalse(any(change["before"] for change in changes))

    def test_equal_contents_have_one_text(self):
        one, other = self.version(5), self.version(5)
        other["sections"][0] = dict(reversed(other["sections"][0].items()))
        self.assertEqual(canonical(one), canonical(other))
