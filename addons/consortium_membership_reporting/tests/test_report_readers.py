from odoo.addons.consortium_membership.tests.common_shares import ShareCommon
from odoo.exceptions import AccessError
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestReportReaders(ShareCommon):
    """Of the organisations that somebody represents, which read what is adopted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.report = cls.env["consortium.annual.report"].create(
            {
                "company_id": cls.company.id,
                "date_from": "2018-07-01",
                "date_to": "2019-06-30",
                "resolution_id": cls.resolution("2019-09-12", "report_adoption").id,
            }
        )
        cls.report._write_by_button(
            {
                "content": "{}",
                "content_hash": "0",
                "adopted_on": "2019-09-12",
                "state": "adopted",
            }
        )
        cls.reader = cls.representative("Aline", cls.alize)

    def assert_read(self, is_read):
        self.env.invalidate_all()
        seen = self.report.with_user(self.reader)
        self.assertEqual(bool(seen.search([("id", "=", seen.id)])), is_read)
        if is_read:
            self.assertEqual(seen.content, "{}")
        else:
            with self.assertRaises(AccessError):
                seen.read(["content"])

    def admit(self, end=False):
        category = self.env["consortium.member.category"].create(
            {"name": "Soutien", "code": "t_support", "kind": "support"}
        )
        membership = self.env["consortium.membership"]._admit(
            self.alize,
            category,
            "2018-01-15",
            resolution_id=self.resolution("2018-01-10", "admission").id,
        )
        if end:
            membership._write_period(
                {"date_end": end, "state": "ended", "end_reason": "resignation"}
            )

    def test_who_is_no_member(self):
        self.assert_read(False)

    def test_a_member(self):
        self.admit()
        self.assert_read(True)

    def test_who_has_left(self):
        self.admit(end="2018-12-31")
        self.assert_read(False)

    def test_who_still_holds_shares(self):
        self.issue(quantity=10)
        self.assert_read(True)
