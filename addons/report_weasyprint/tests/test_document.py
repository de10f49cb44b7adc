from odoo.tests import tagged
from odoo.tests.common import BaseCase

from ..tools import document


def page(*nodes):
    return f"<html lang='fr-CA'><title> T </title><body><main>{''.join(nodes)}</main>"


def div(kind, text, **data):
    attributes = "".join(f' data-oe-{name}="{value}"' for name, value in data.items())
    return f'<div class="x {kind}"{attributes}>{text}</div>'


def texts(nodes):
    return [node.text_content() for node in nodes]


@tagged("post_install", "-at_install")
class TestDocument(BaseCase):
    def test_each_article_has_its_header_and_footer(self):
        source = document.split(
            page(
                *(
                    div("header", f"h{i}")
                    + div("article", f"a{i}", model="m", id=i, lang="fr_CA")
                    + div("footer", f"f{i}")
                    for i in (1, 2)
                )
            )
        )
        self.assertEqual([part.res_id for part in source.parts], [1, 2])
        second = source.parts[1]
        self.assertEqual(texts(second.headers), ["h2"])
        self.assertEqual(texts(second.body), ["a2"])
        self.assertEqual(texts(second.footers), ["f2"])
        self.assertEqual((second.model, second.lang), ("m", "fr_CA"))
        self.assertEqual((source.title, source.lang), ("T", "fr-CA"))

    def test_a_missing_header_does_not_shift_the_others(self):
        source = document.split(
            page(
                div("article", "a1"), div("footer", "f1"),
                div("header", "h2"), div("article", "a2"), div("footer", "f2"),
            )
        )  # fmt: skip
        self.assertEqual([texts(p.headers) for p in source.parts], [[], ["h2"]])
        self.assertEqual([texts(p.footers) for p in source.parts], [["f1"], ["f2"]])

    def test_a_header_within_an_article_is_that_articles(self):
        source = document.split(
            page(div("article", div("header", "h1") + "a1"), div("article", "a2"))
        )
        self.assertEqual([texts(p.headers) for p in source.parts], [["h1"], []])
        self.assertEqual(texts(source.parts[0].body), ["a1"])

    def test_without_article_all_is_one_document(self):
        source = document.split(page("<p>alone</p>", div("footer", "f")))
        (part,) = source.parts
        self.assertEqual(texts(part.body), ["alone"])
        self.assertEqual(texts(part.footers), ["f"])

    def test_arguments_of_the_root_are_read(self):
        html = page(div("article", "a")).replace(
            "<html", "<html data-report-margin-top='20' data-other='1'"
        )
        self.assertEqual(
            document.split(html).arguments, {"data-report-margin-top": "20"}
        )

    def test_nothing_to_print_is_an_error(self):
        for html, reason in (("", "unreadable"), (page(), "empty")):
            with self.assertRaisesRegex(document.Malformed, reason):
                document.split(html)

    def test_malformed_html_is_read_as_browsers_do(self):
        source = document.split(page("<div class='article'><p>a<b>b</p><td>c"))
        self.assertEqual(len(source.parts), 1)
        self.assertIn("ab", source.parts[0].body[0].text_content())

    def test_the_frame_keeps_what_is_not_core_s(self):
        frame, body = document.frame(
            "<html><head><base href='/'><link rel='stylesheet' href='/a.css'>"
            "<style>p{}</style><script>1</script></head>"
            "<body class='o_body_pdf overflow-hidden' onload='x'>in</body></html>"
        )
        self.assertEqual(frame.sheets, ["/a.css"])
        self.assertEqual(frame.head, "<style>p{}</style>")
        self.assertEqual(frame.body, {"class": "o_body_pdf"})
        self.assertEqual(body.text, "in")

    def test_pages_are_paired_with_the_headers_kept_for_them(self):
        held = "<body><div id='minimal_layout_report_headers'>{}</div></body>"
        headers = held.format("<div>h1</div><div>h2</div>")
        framed = document.pages(["<p>a</p>", "<p>b</p>"], headers)
        self.assertEqual([texts(part.headers) for _f, part in framed], [["h1"], ["h2"]])

    def test_one_header_serves_every_page(self):
        framed = document.pages(["<p>a</p>", "<p>b</p>"], "<body><p>h</p></body>")
        self.assertEqual([texts(part.headers) for _f, part in framed], [["h"], ["h"]])

    def test_page_numbers_are_left_to_the_counters(self):
        root = document.parse("<div><span class='page'>9</span>/<i class='topage'/>")
        document.number_pages(root)
        self.assertEqual(root.text_content().strip(), "/")
        self.assertEqual(len(root.xpath("//*[contains(@class, 'o_weasyprint_')]")), 2)
