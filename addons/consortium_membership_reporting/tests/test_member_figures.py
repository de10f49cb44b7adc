from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import MemberFiguresCase

LAST_YEAR = ("2017-07-01", "2018-06-30")


@tagged("post_install", "-at_install")
class TestMemberFigures(MemberFiguresCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.founder = cls.member("Alizé", "2015-04-21", founding=True)
        cls.gone = cls.member("Boréale", "2016-01-01", end="2018-06-30")
        cls.new = cls.member("Cormoran", "2018-09-19")
        cls.helper = cls.member("Dunes", "2018-07-01", cls.support)
        cls.network = cls.member("Réseau", "2019-06-30", kind=cls.kind_network)
        cls.sponsored = cls.organization(
            "Escale", organization_kind_id=cls.kind.id, region_id=cls.region.id
        )
        cls.affiliate(cls.sponsored, cls.network)
        cls.member("Futur", "2019-07-01")

    def test_members_at_the_year_end(self):
        found = self.values("members")["members"]
        self.assertEqual((found["value"], found["previous"]), (4, 2))
        self.assertEqual(found["by"]["category"], {"Utilisateurs": 3, "Soutien": 1})
        self.assertEqual(
            found["by"]["kind"], {self.kind.name: 3, self.kind_network.name: 1}
        )

    def test_new_and_departed(self):
        """Who was a member until June 30 left on July 1: of the next year."""
        found = self.values("members", "members_new", "members_left")
        self.assertEqual(found["members_new"]["value"], 3)
        self.assertEqual(found["members_left"]["value"], 1)
        self.assertEqual(
            found["members"]["value"],
            found["members"]["previous"]
            + found["members_new"]["value"]
            - found["members_left"]["value"],
        )

    def test_a_change_of_category(self):
        self.memberships._on("2019-01-01").filtered(
            lambda m: m.partner_id == self.new
        )._change_category(self.support, "2019-01-15", self.admission)
        found = self.values("members", "members_new", "members_left")
        self.assertEqual(found["members"]["by"]["category"]["Soutien"], 2)
        self.assertEqual(found["members_new"]["value"], 3)
        self.assertEqual(found["members_left"]["value"], 1)

    def test_founding_share(self):
        found = self.values("founding_share")["founding_share"]
        self.assertEqual((found["value"], found["previous"]), (250_000, 500_000))

    def test_reach_counts_the_members_of_members(self):
        inner = self.organization("Filiale", organization_kind_id=self.kind_network.id)
        self.affiliate(inner, self.network)
        deepest = self.organization("Petite", organization_kind_id=self.kind.id)
        self.affiliate(deepest, inner)
        found = self.values("organizations_reached", "penetration")
        self.assertEqual(found["organizations_reached"]["value"], 4 + 3)
        by_network = found["penetration"]["by"]["network"]
        self.assertEqual(by_network["Réseau"], 0)
        self.affiliate(self.founder, inner, is_primary=True)
        by_network = self.values("penetration")["penetration"]["by"]["network"]
        self.assertEqual(by_network["Réseau"], 250_000)
        self.assertEqual(by_network["Filiale"], 500_000)

    def test_drill_down(self):
        for code, dimension, key, number in (
            ("members", None, None, 4),
            ("members", "category", "Soutien", 1),
            ("members", "kind", self.kind.name, 3),
            ("members", "network", "No network", 4),
            ("members_new", None, None, 3),
            ("members_left", None, None, 1),
            ("founding_share", None, None, 1),
        ):
            with self.subTest(code=code, dimension=dimension):
                action = self.indicators.open_records(
                    code, *self.year, dimension=dimension, key=key
                )
                records = self.env[action["res_model"]].search(action["domain"])
                self.assertEqual(len(records), number)

    def test_what_a_bar_opens_adds_up_to_it(self):
        self.affiliate(self.founder, self.network, is_primary=True)
        self.invoice(self.founder, "2018-08-01", 877)
        self.invoice(self.new, "2018-09-18", 10)  # the day before its admission
        self.invoice(self.new, "2018-10-01", 123)
        self.invoice(self.helper, "2018-10-01", 50, "grants")
        opened = self.bars_that_open(
            ["members", "members_new", "members_left", "organizations_reached"]
            + ["member_revenue", "invoiced"]
        )
        for expected in (
            ("members", "network"),
            ("organizations_reached", "region"),
            ("member_revenue", "category"),
            ("member_revenue", "founding"),
        ):
            self.assertIn(expected, opened)

    def test_penetration_is_of_the_organizations_on_file(self):
        """A person who is a member, or a member without a kind, is not one of them."""
        before = self.values("penetration")["penetration"]
        for values in (
            {"is_company": False, "region_id": self.region.id},
            {"is_company": True},
        ):
            partner = self.env["res.partner"].create({"name": "Autre", **values})
            self.admit(partner, "2018-07-01")
        gone = self.member("Radiée", "2018-07-01")
        gone.active = False
        found = self.values("penetration")["penetration"]
        self.assertEqual(found["value"], before["value"])
        self.assertEqual(found["by"]["region"], before["by"]["region"])
        self.assertLessEqual(found["value"], 1_000_000)

    # Operations

    def classes(self):
        return self.operations._for_year(*self.year)["by_class"]

    def test_operations_by_the_category_of_the_day(self):
        self.invoice(self.founder, "2018-08-01", 100)
        self.invoice(self.new, "2018-09-18", 10)
        self.invoice(self.new, "2018-09-19", 20)
        self.invoice(self.helper, "2018-08-01", 5)
        self.assertEqual(
            self.classes(),
            {"user": 120_00, "none": 15_00, "worker": 0, "unclassified": 0},
        )

    def test_who_left_is_no_member_whatever_its_contact_says(self):
        (self.gone | self.sponsored).operations_class = "user"
        self.invoice(self.gone, "2018-08-01", 10)
        self.invoice(self.sponsored, "2018-08-01", 5)
        classes = self.classes()
        self.assertEqual((classes["user"], classes["none"]), (0, 15_00))

    def test_the_network_that_the_agreement_names_comes_first(self):
        """Where its own membership says nothing; the affiliations say the rest."""
        sponsor = self.member("Commanditaire", "2018-07-01", self.support)
        day, early = date(2019, 6, 30), date(2018, 6, 30)
        for partner, when, named, expected in (
            (self.sponsored, day, None, "user"),
            (self.sponsored, day, sponsor, "none"),
            (self.sponsored, early, sponsor, "none"),
            (self.founder, day, sponsor, "user"),
            (self.helper, day, self.network, "none"),
            (self.gone, day, None, "none"),
            (self.gone, day, self.network, "user"),
        ):
            group = (partner.id, when, named.id if named else None)
            found = self.operations._classify({group})
            self.assertEqual(found, {group: expected}, (partner.name, when))

    def test_operations_through_the_sponsoring_network(self):
        self.invoice(self.sponsored, "2019-06-29", 7)
        self.invoice(self.sponsored, "2019-06-30", 3)
        classes = self.classes()
        self.assertEqual((classes["user"], classes["none"]), (3_00, 7_00))

    def test_an_empty_register_says_nothing(self):
        other = self.organization("Ancienne")
        self.invoice(other, "2015-01-01", 3)
        year = self.operations._for_year("2014-07-01", "2015-06-30")
        self.assertEqual(year["by_class"]["unclassified"], 3_00)

    def test_lines_behind_a_beneficiary(self):
        self.invoice(self.new, "2018-09-18", 10)
        self.invoice(self.new, "2018-09-19", 20)
        year = self.operations.create(
            {
                "company_id": self.company.id,
                "date_from": self.year[0],
                "date_to": self.year[1],
            }
        )
        year.action_compute()
        line = year.line_ids.filtered(lambda each: each.operations_class == "user")
        lines = self.env["account.move.line"].search(line.action_open_lines()["domain"])
        self.assertEqual(lines.mapped("price_subtotal"), [20])

    def test_revenue_by_category_and_founding(self):
        self.invoice(self.founder, "2018-08-01", 877)
        self.invoice(self.new, "2018-10-01", 123)
        self.invoice(self.helper, "2018-10-01", 50, "grants")
        found = self.values("member_revenue", "nonfounding_revenue_share")
        self.assertEqual(found["member_revenue"]["value"], 1_000_00)
        self.assertEqual(
            found["member_revenue"]["by"]["founding"],
            {"Founding members": 877_00, "Non-founding members": 123_00},
        )
        self.assertEqual(found["nonfounding_revenue_share"]["value"], 123_000)

    def test_who_may_not_read_the_register(self):
        user = self.employee("expert")
        found = self.indicators.with_user(user)._values(["member_revenue"], *self.year)
        self.assertIsNone(found["member_revenue"]["value"])
        self.assertTrue(found["member_revenue"]["error"])
        with self.assertRaises(AccessError):
            self.indicators.with_user(user).dashboard("2019-01-01")

    def test_queries_do_not_grow_with_the_members(self):
        codes = ["members", "members_new", "penetration", "member_revenue"]

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.values(*codes)
            return self.env.cr.sql_log_count - before

        self.invoice(self.founder, "2018-08-01", 10)
        count()
        few = count()
        for index in range(12):
            partner = self.member(f"Membre {index}", "2018-08-01")
            self.affiliate(partner, self.network)
            self.invoice(partner, f"2018-{9 + index % 4:02}-01", 10)
        self.assertEqual(count(), few)
