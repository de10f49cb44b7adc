import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from .common_figures import LAST_YEAR, FiguresCase

HEADER = "Indicateur;Du;Au;Par;Valeur de;Chiffre;Source"
ROW = "income;2017-07-01;2018-06-30;;;3 222 029;Rapport annuel"


@tagged("post_install", "-at_install")
class TestIndicatorImport(FiguresCase):
    def wizard(self, *rows, user=None):
        content = "\n".join([HEADER, *rows]).encode()
        return (
            self.env["consortium.indicator.import"]
            .with_user(user or self.env.user)
            .create({"file": base64.b64encode(content), "filename": "chiffres.csv"})
        )

    def figures(self):
        return self.env["consortium.indicator.value"].search([])

    def test_checking_writes_nothing(self):
        before = self.figures()
        wizard = self.wizard(ROW)
        wizard.action_check()
        self.assertTrue(wizard.ready)
        self.assertIn("Rapport annuel", str(wizard.report))
        self.assertEqual(self.figures(), before)

    def test_import(self):
        self.wizard(ROW).action_import()
        found = self.indicators._values(["income"], *LAST_YEAR)["income"]
        self.assertEqual(found["value"], 3_222_029_00)
        self.assertTrue(found["imported"])

    def test_again_replaces(self):
        self.wizard(ROW).action_import()
        count = len(self.figures())
        wizard = self.wizard(ROW.replace("3 222 029", "3 222 030"))
        wizard.action_check()
        self.assertIn("1", str(wizard.report))
        wizard.action_import()
        self.assertEqual(len(self.figures()), count)
        found = self.indicators._values(["income"], *LAST_YEAR)["income"]
        self.assertEqual(found["value"], 3_222_030_00)

    def test_all_or_nothing(self):
        before = self.figures()
        wizard = self.wizard(ROW, "nothing;2017-07-01;2018-06-30;;;1;R")
        wizard.action_check()
        self.assertFalse(wizard.ready)
        with self.assertRaisesRegex(UserError, "Row 3.*« nothing »"):
            wizard.action_import()
        self.assertEqual(self.figures(), before)

    def test_each_wrong_row_is_told(self):
        for row, words in (
            ("employees;2017-07-01;2018-06-30;;;4,5;R", "no whole number"),
            ("income;2017-07-01;2018-06-30;;;x;R", "no number"),
            ("income;2017;2018-06-30;;;1;R", "no date"),
            ("income;2017-07-01;2018-06-30;region;;1;R", "by what and which"),
            ("income;2018-07-01;2018-06-30;;;1;R", "ends before"),
            ("income;2017-07-01;2018-06-30;;;;R", "is empty"),
        ):
            with self.assertRaisesRegex(UserError, words):
                self.wizard(row).action_import()
        with self.assertRaisesRegex(UserError, "there twice"):
            self.wizard(ROW, ROW).action_import()

    def test_files_of_no_use(self):
        for content, words in (
            (b"\x89PNG\0\0", "not a CSV"),
            (b"a;b\n1;2", "no column"),
            (HEADER.encode(), "is empty"),
        ):
            wizard = self.env["consortium.indicator.import"].create(
                {"file": base64.b64encode(content)}
            )
            with self.assertRaisesRegex(UserError, words):
                wizard.action_check()

    def test_scripts_of_a_file_are_text(self):
        wizard = self.wizard(ROW.replace("Rapport annuel", "<script>x</script>"))
        wizard.action_check()
        self.assertNotIn("<script>", str(wizard.report))

    def test_by_whom(self):
        self.wizard(ROW, user=self.employee("accountant")).action_import()
        with self.assertRaises(AccessError):
            self.wizard(ROW, user=self.employee("auditor"))


@tagged("post_install", "-at_install")
class TestIndicatorTemplate(HttpCase):
    def test_the_file_to_fill_in(self):
        for group, status in (("manager", 200), ("expert", 404), ("auditor", 404)):
            user = new_test_user(
                self.env, f"template_{group}", groups=f"consortium_base.group_{group}"
            )
            self.authenticate(user.login, user.login)
            response = self.url_open("/consortium/indicators.csv")
            self.assertEqual(response.status_code, status, group)
        self.authenticate(None, None)
        response = self.url_open("/consortium/indicators.csv", allow_redirects=False)
        self.assertEqual(response.status_code, 303)
