from odoo.addons.consortium_base.tests.common_access import STAFF, AccessMatrix
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_figures import YEAR, FiguresCase

FIGURES = {"accountant": "crwu", "manager": "crwu", "auditor": "r"}
SCREENS = {"accountant": "crwu", "manager": "crwu", "auditor": "crwu"}
# What each group may do with each model: c(reate), r(ead), w(rite), u(nlink).
EXPECTED = {
    "consortium.financial.screen": SCREENS,
    "consortium.indicator": {**dict.fromkeys(STAFF, "r"), "manager": "crw"},
    "consortium.indicator.import": {"accountant": "crwu", "manager": "crwu"},
    "consortium.indicator.result": SCREENS,
    "consortium.indicator.screen": SCREENS,
    "consortium.indicator.value": FIGURES,
    "consortium.member.operations": FIGURES,
    # The computation alone writes them.
    "consortium.member.operations.line": dict.fromkeys(FIGURES, "r"),
    "consortium.member.operations.manual": FIGURES,
    "consortium.surplus.allocation": FIGURES,
}


@tagged("post_install", "-at_install")
class TestFiguresAccess(AccessMatrix, FiguresCase):
    expected = EXPECTED

    def test_each_company_its_figures(self):
        other = self.env["res.company"].create({"name": "Autre coop"})
        values = {"date_from": YEAR[0], "date_to": YEAR[1]}
        own = self.operations.create({**values, "company_id": self.company.id})
        hidden = self.operations.create({**values, "company_id": other.id})
        auditor = self.employee("auditor")
        self.assertEqual(
            self.operations.with_user(auditor).search(
                [("id", "in", (own + hidden).ids)]
            ),
            own,
        )

    def test_a_screen_is_ones_own(self):
        manager, auditor = self.employee("manager"), self.employee("auditor")
        screen = self.env["consortium.indicator.screen"].with_user(manager).create({})
        with self.assertRaises(AccessError):
            screen.with_user(auditor).read(["date"])

    def test_roles_do_their_work(self):
        """The accountant reads and posts; the manager proposes; the auditor reads."""
        self.earn("2018-12-31", 10)
        accountant, manager = self.employee("accountant"), self.employee("manager")
        values = {
            "company_id": self.company.id,
            "date_from": YEAR[0],
            "date_to": YEAR[1],
        }
        year = self.operations.with_user(manager).create(values)
        year.action_compute()
        year.with_user(accountant).action_freeze()
        allocation = self.allocations.with_user(manager).create(values)
        allocation.resolution_id = self.resolution().id
        with self.assertRaises(AccessError):
            allocation.action_post()
        allocation.with_user(accountant).action_post()
        self.assertEqual(allocation.state, "posted")
        auditor = self.employee("auditor")
        structure = self.allocations.with_user(auditor)._for_year(*YEAR)
        self.assertEqual(structure["state"], "posted")
        self.operations.with_user(auditor)._for_year(*YEAR)
        self.company.with_user(auditor)._financial_table(*YEAR)
        with self.assertRaises(AccessError):
            year.with_user(auditor).action_correct()

    def test_an_expert_reads_no_year(self):
        expert = self.employee("expert")
        for model in (self.operations, self.allocations):
            with self.assertRaises(AccessError):
                model.with_user(expert)._for_year(*YEAR)
