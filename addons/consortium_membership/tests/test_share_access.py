from odoo.addons.consortium_base.tests.common_access import (
    READ_ALL,
    AccessMatrix,
)
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_shares import ShareCommon

KEPT = dict.fromkeys(
    ("membership_officer", "accountant", "manager", "auditor", "portal"), "r"
)
BY_OFFICER = {
    "membership_officer": "crwu",
    "manager": "crwu",
    "accountant": "r",
    "auditor": "r",
}
EXPECTED = {
    "consortium.share.class": {
        **READ_ALL,
        "portal": "r",
        "manager": "crwu",
        "accountant": "rw",
    },
    "consortium.share.entry": KEPT,
    "consortium.share.payment": KEPT,
    "consortium.share.register": KEPT,
    "consortium.share.certificate": KEPT,
    "consortium.share.statement": {**KEPT, "membership_officer": "cr", "manager": "cr"},
    "consortium.share.operation": BY_OFFICER,
    "consortium.share.redemption": {**BY_OFFICER, "accountant": "rw"},
    # Written by signing alone.
    "consortium.share.redemption.test": dict.fromkeys(
        ("membership_officer", "accountant", "manager", "auditor"), "r"
    ),
    "consortium.share.redemption.sign": dict.fromkeys(
        ("membership_officer", "accountant", "manager"), "crwu"
    ),
    "consortium.share.register.print": dict.fromkeys(
        ("membership_officer", "accountant", "manager", "auditor"), "crwu"
    ),
    "consortium.share.statement.make": dict.fromkeys(
        ("membership_officer", "manager"), "crwu"
    ),
}


@tagged("post_install", "-at_install")
class TestShareAccess(AccessMatrix, ShareCommon):
    expected = EXPECTED

    def test_every_model_has_its_expectation(self):
        own = self.own_models("consortium_membership", "consortium.share")
        self.assertEqual(own, set(EXPECTED))

    def test_the_auditor_reads_all(self):
        self.paid_issue()
        self.redeem(3)
        auditor = self.users["auditor"]
        for model in EXPECTED:
            if self.env[model]._transient:
                continue
            found = self.env[model].with_user(auditor).search_count([])
            self.assertEqual(
                found,
                self.env[model]
                .sudo()
                .search_count([("company_id", "=", self.company.id)]),
                model,
            )

    def test_others_read_no_register(self):
        self.issue()
        for group in ("expert", "coordinator", "public"):
            for model in ("entry", "register", "certificate", "operation"):
                with self.assertRaises(AccessError):
                    self.env[f"consortium.share.{model}"].with_user(
                        self.users[group]
                    ).search([])

    def test_the_portal_does_not_read_the_books(self):
        portal = self.users["portal"]
        self.issue()
        with self.assertRaises(AccessError):
            self.common.with_user(portal).read(["equity_account_id"])
        self.assertFalse(self.entries.with_user(portal).search([]))
        with self.assertRaises(AccessError):
            self.env["consortium.share.certificate"].with_user(portal).search(
                [("token", "!=", False)]
            )
