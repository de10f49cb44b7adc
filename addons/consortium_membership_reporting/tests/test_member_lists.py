from odoo.tests import tagged

from .common import MemberFiguresCase


@tagged("post_install", "-at_install")
class TestMemberLists(MemberFiguresCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member("Alizé", "2015-04-21", founding=True)
        cls.report = cls.env["consortium.annual.report"].create(
            {
                "company_id": cls.company.id,
                "date_from": cls.year[0],
                "date_to": cls.year[1],
            }
        )
        cls.env.flush_all()
        cls.member("Cormoran", "2018-09-19")
        cls.member("Dunes", "2018-07-01", cls.auxiliary)
        cls.member("Parti", "2016-07-01", end="2019-06-29")

    def section(self, code):
        self.report.action_compute()
        version, _lang = self.report._read_version()
        return next(each for each in version["sections"] if each["code"] == code)

    def table(self, code):
        blocks = self.section("members")["blocks"]
        return next(b for b in blocks if b.get("code") == code and b["kind"] == "table")

    def test_lists_by_category_with_the_new_ones_starred(self):
        section = self.section("members")
        self.assertFalse(section["problem"])
        table = self.table("members_t_user")
        self.assertEqual(
            [row["cells"][1] for row in table["rows"]], ["Alizé", "★ Cormoran"]
        )
        self.assertEqual(table["rows"][1]["cells"][4], "2018-09-19")
        self.assertEqual(len(table["notes"]), 1)
        auxiliary = self.table("members_t_auxiliary")
        self.assertEqual([row["cells"][1] for row in auxiliary["rows"]], ["★ Dunes"])

    def test_numbers_come_from_the_register(self):
        self.assertEqual(self.report.member_count, 1)
        self.report.action_compute()
        self.assertEqual(self.report.member_count, 2)
        self.assertEqual(self.report.auxiliary_member_count, 1)

    def test_the_checklist_is_satisfied_from_the_register(self):
        items = {item.requirement_id.code: item for item in self.report.item_ids}
        self.assertEqual(items["members"].state, "satisfied")
        self.assertEqual(items["auxiliary_members"].state, "satisfied")
        self.assertEqual(items["capital"].state, "missing")

    def test_the_register_changes_the_report_until_it_is_adopted(self):
        self.table("members_t_user")
        self.member("Estuaire", "2019-01-01")
        self.assertEqual(len(self.table("members_t_user")["rows"]), 3)
