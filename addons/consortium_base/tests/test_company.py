from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestCompany(TransactionCase):
    def test_language(self):
        self.assertEqual(self.env.user.lang, "fr_CA")
