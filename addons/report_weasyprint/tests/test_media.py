from odoo.tests import tagged
from odoo.tests.common import BaseCase

from ..tools import media


@tagged("post_install", "-at_install")
class TestMedia(BaseCase):
    def test_widths_decide(self):
        self.assertTrue(media.holds("(min-width: 992px)", 1016))
        self.assertFalse(media.holds("(min-width: 1200px)", 1016))
        self.assertTrue(media.holds("(max-width: 1199.98px)", 1016))
        self.assertTrue(media.holds("screen and (min-width: 48em)", 800))

    def test_types_decide(self):
        self.assertTrue(media.holds("print", 1))
        self.assertTrue(media.holds("only screen", 1))
        self.assertFalse(media.holds("speech", 1))
        self.assertFalse(media.holds("not print", 1))

    def test_any_query_of_a_list_is_enough(self):
        self.assertTrue(media.holds("speech, (min-width: 10px)", 100))

    def test_nothing_moves_on_paper(self):
        self.assertTrue(media.holds("(prefers-reduced-motion: reduce)", 1))
        self.assertFalse(media.holds("(hover: hover)", 1))
        self.assertFalse(media.holds("(min-resolution: 2dppx)", 1))

    def test_sheets_are_rewritten_with_the_decision(self):
        css = "@media (min-width:768px){.a{color:red}}@media speech {.b{color:red}}"
        self.assertEqual(media.conditions(css), ("(min-width:768px)", "speech"))
        self.assertEqual(
            media.decide(css, 1000),
            "@media all {.a{color:red}}@media never {.b{color:red}}",
        )
