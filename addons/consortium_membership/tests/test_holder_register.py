from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_shares import ShareCommon


@tagged("post_install", "-at_install")
class TestHolderRegister(ShareCommon):
    """The register of auxiliary members and other holders, with those who left.

    On 2018-12-31 Alizé was an auxiliary member, Boréale held shares, Cèdre holds some,
    Dune was a member and still holds some, Estran was given shares by mistake.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cedre, cls.dune, cls.estran = cls.env["res.partner"].create(
            [{"name": name, "is_company": True} for name in ("Cèdre", "Dune", "Estran")]
        )
        cls.auxiliary, cls.user_category = cls.env["consortium.member.category"].create(
            [
                {
                    "name": "T auxiliary",
                    "code": "t_auxiliary",
                    "is_auxiliary": True,
                    "auxiliary_reason": "Served through a network.",
                },
                {"name": "T user", "code": "t_user"},
            ]
        )
        cls.memberships = cls.env["consortium.membership"]
        cls.periods = cls.admit(cls.alize, cls.auxiliary)
        cls.periods |= cls.admit(cls.dune, cls.user_category)
        cls.periods._end(cls.day("2018-06-30"), "resignation")
        cls.paid_issue(cls.boreale, 4)
        cls.redeem(4, partner=cls.boreale)
        cls.paid_issue(cls.cedre, 3)
        cls.paid_issue(cls.dune, 2)
        cls.reverse(cls.issue(cls.estran, 9), "2018-02-01")

    @classmethod
    def admit(cls, partner, category):
        return cls.memberships._admit(
            partner,
            category,
            "2018-01-10",
            resolution_id=cls.resolution("2018-01-10", "admission").id,
        )

    def rows(self, day, departed=False, user=None):
        model = self.memberships.with_user(user or self.env.user)
        register = model._register_on("others", day, self.company, departed)
        return register, {row["name"]: row for row in register["rows"]}

    def types(self, day, departed=False, user=None):
        _register, rows = self.rows(day, departed, user)
        return {name: row["type"] for name, row in rows.items()}

    def test_who_is_there_on_a_date(self):
        self.assertEqual(
            self.types("2018-03-01"),
            {
                "Coopérative Alizé": "Auxiliary member",
                "Mutuelle Boréale": "Other holder",
                "Cèdre": "Other holder",
            },
        )
        self.assertEqual(
            self.types("2018-12-31"),
            {"Cèdre": "Other holder", "Dune": "Former member"},
        )

    def test_those_who_left_stay(self):
        register, rows = self.rows("2018-12-31", departed=True)
        self.assertEqual(
            {name: row["type"] for name, row in rows.items()},
            {
                "Coopérative Alizé": "Former member",
                "Mutuelle Boréale": "Former holder",
                "Cèdre": "Other holder",
                "Dune": "Former member",
            },
        )
        keys = [key for key, _label in register["columns"]]
        self.assertIn("end", keys)
        left = rows["Coopérative Alizé"]
        self.assertEqual(
            (left["end"], left["reason"]), (self.day("2018-06-30"), "Resignation")
        )
        shares = f"shares_{self.common.id}"
        self.assertNotIn(shares, rows["Mutuelle Boréale"])
        self.assertEqual((rows["Cèdre"][shares], rows["Dune"][shares]), (3, 2))

    def test_who_reads_no_shares_reads_no_holders(self):
        self.assertEqual(
            self.types("2018-12-31", True, self.member_user("expert")),
            {"Coopérative Alizé": "Former member"},
        )

    def test_the_list_shows_the_memberships_of_the_register(self):
        for report, day, departed, partners in (
            ("others", "2018-03-01", False, self.alize),
            ("others", "2018-12-31", False, self.dune),
            ("others", "2018-12-31", True, self.alize | self.dune),
            ("members", "2018-12-31", False, self.env["res.partner"]),
            ("members", "2018-12-31", True, self.dune),
            ("voting", "2018-03-01", False, self.dune),
        ):
            screen = self.env["consortium.member.register"].create(
                {"report": report, "date": day, "departed": departed}
            )
            action = screen.action_list()
            found = self.memberships.with_context(**action["context"]).search(
                action["domain"]
            )
            self.assertEqual(found.partner_id, partners, (report, day, departed))

    def test_the_register_of_members_keeps_the_addon(self):
        """Memberships are kept as the ledger of shares is; an application isn't."""
        modules = self.env["ir.module.module"].sudo()
        kept = dict(modules._ledgers_kept()["consortium_membership"])
        applied = self.memberships.create(
            {"partner_id": self.boreale.id, "category_id": self.user_category.id}
        )
        found = self.memberships.search(kept["consortium.membership"])
        self.assertEqual(found & (self.periods | applied), self.periods)
        module = modules.search([("name", "=", "consortium_membership")])
        memberships = {
            "consortium_membership": [
                ("consortium.membership", kept["consortium.membership"])
            ]
        }
        self.patch(type(modules), "_ledgers_kept", lambda self: memberships)
        with self.assertRaisesRegex(UserError, "“Membership” would be lost"):
            module.button_uninstall()
