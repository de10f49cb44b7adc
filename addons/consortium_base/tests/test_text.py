from hypothesis import given
from hypothesis import strategies as st
from odoo.tests import tagged

from ..tools.text import fold, fold_postal_code
from .common_organization import OrganizationCase


@tagged("post_install", "-at_install")
class TestText(OrganizationCase):
    @given(st.text())
    def test_fold_is_stable(self, text):
        self.assertEqual(fold(fold(text)), fold(text))
        self.assertEqual(
            fold_postal_code(fold_postal_code(text)), fold_postal_code(text)
        )

    @given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzéèàâîïôûùçœ '-", max_size=30))
    def test_case_and_signs_do_not_count(self, text):
        self.assertEqual(fold(text.upper()), fold(text))
        self.assertEqual(fold(text.replace("-", " ").replace("'", "’")), fold(text))
        self.assertEqual(fold(f"  {text} "), fold(text))

    def test_examples(self):
        self.assertEqual(fold("Caisse d’ÉCONOMIE  — Sœurs"), "caisse d economie soeurs")
        self.assertEqual(fold(None), "")
        self.assertEqual(fold_postal_code("g9n 1a1"), "G9N1A1")
        self.assertEqual(fold_postal_code("G9N-1A1"), "G9N1A1")
