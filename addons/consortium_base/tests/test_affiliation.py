from datetime import date, timedelta

import psycopg2
from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common_organization import OrganizationCase


@tagged("post_install", "-at_install")
@freeze_time("2019-06-30")
class TestAffiliation(OrganizationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.top = cls.network("Confédération")
        cls.federation = cls.network("Fédération")
        cls.grouping = cls.network("Regroupement")
        cls.coop = cls.organization("Coop")
        cls.other = cls.organization("Autre")
        cls.affiliate(cls.federation, cls.top)
        cls.affiliate(cls.coop, cls.federation, is_primary=True)
        cls.affiliate(cls.coop, cls.grouping, kind="territorial")
        cls.affiliate(cls.other, cls.federation, "2015-07-01", "2018-06-30")

    def test_networks_on(self):
        self.assertEqual(
            self.coop._networks_on("2019-06-30"),
            self.federation | self.grouping | self.top,
        )
        self.assertFalse(self.coop._networks_on("2015-06-30"))
        self.assertEqual(
            self.other._networks_on(date(2018, 6, 30)), self.federation | self.top
        )
        self.assertFalse(self.other._networks_on("2018-07-01"))

    def test_members_on(self):
        self.assertEqual(
            self.top._members_on("2019-06-30"), self.federation | self.coop
        )
        self.assertEqual(
            self.top._members_on("2018-06-30"), self.federation | self.coop | self.other
        )
        self.assertEqual(
            self.top._members_on("2018-06-30", direct=True), self.federation
        )
        self.assertFalse(self.env["res.partner"]._members_on("2018-06-30"))

    def test_primary_network(self):
        self.assertEqual(self.coop.network_id, self.federation)
        self.assertFalse(self.other.network_id)
        found = self.env["res.partner"].search(
            [("network_id", "=", self.federation.id)]
        )
        self.assertEqual(found, self.coop)
        without = self.env["res.partner"].search(
            [("network_id", "=", False), ("id", "in", (self.coop | self.other).ids)]
        )
        self.assertEqual(without, self.other)
        named = self.env["res.partner"].search([("network_id", "ilike", "federation")])
        self.assertEqual(named, self.coop)

    def test_search_both_ways(self):
        Partner = self.env["res.partner"]
        self.assertEqual(
            Partner.search([("network_ids", "in", self.top.ids)]),
            self.coop | self.federation,
        )
        self.assertEqual(
            Partner.search([("member_ids", "in", self.coop.ids)], order="id"),
            self.top | self.federation | self.grouping,
        )
        self.assertEqual(
            Partner.search([("network_ids", "ilike", "confederation")]),
            self.coop | self.federation,
        )
        self.assertNotIn(
            self.coop, Partner.search([("network_ids", "not in", self.top.ids)])
        )
        self.assertIn(self.other, Partner.search([("network_ids", "=", False)]))
        self.assertNotIn(self.coop, Partner.search([("network_ids", "=", False)]))

    def test_as_of_the_context(self):
        then = self.env["res.partner"].with_context(consortium_date="2018-06-30")
        self.assertEqual(
            then.search([("network_ids", "in", self.top.ids)]),
            self.coop | self.federation | self.other,
        )
        self.assertEqual(then.browse(self.top.id).member_count, 3)
        self.assertEqual(self.top.member_count, 2)
        lines = self.env["consortium.affiliation"].with_context(
            consortium_date="2018-06-30"
        )
        self.assertEqual(
            lines.search(
                [("in_force", "=", True), ("organization_id", "=", self.other.id)]
            ).mapped("in_force"),
            [True],
        )

    def test_counts(self):
        self.assertEqual(self.top.direct_member_count, 1)
        self.assertEqual(self.federation.direct_member_count, 1)
        self.assertEqual(self.coop.network_count, 3)
        self.affiliate(self.other, self.grouping, "2019-01-01")
        self.assertEqual(self.grouping.member_count, 2)
        self.affiliate(self.grouping, self.top)
        self.assertEqual(self.top.member_count, 4)
        self.assertEqual(self.top.member_ids, self.top._members_on("2019-06-30"))
        self.assertEqual(self.coop.network_ids, self.coop._networks_on("2019-06-30"))

    def test_archived_members_are_not_counted(self):
        self.coop.active = False
        self.env.invalidate_all()
        self.assertEqual(self.federation.member_count, 0)

    def test_actions_open_what_is_counted(self):
        for partner, action in (
            (self.top, self.top.action_open_network_members()),
            (self.coop, self.coop.action_open_networks()),
        ):
            found = self.env["res.partner"].search_count(action["domain"])
            self.assertIn(found, (partner.member_count, partner.network_count))
        direct = self.top.with_context(consortium_direct=True)
        action = direct.action_open_network_members()
        found = self.env["res.partner"].search(action["domain"])
        self.assertEqual(found, self.federation)
        self.assertEqual(action["display_name"], "Direct members of Confédération")

    @mute_logger("odoo.sql_db")
    def test_one_primary_at_a_time(self):
        with self.assertRaises(psycopg2.errors.ExclusionViolation):
            self.affiliate(self.coop, self.top, "2019-01-01", is_primary=True)

    def test_next_primary(self):
        line = self.coop.affiliation_ids.filtered("is_primary")
        line.date_end = "2018-12-31"
        self.env.flush_all()
        self.affiliate(self.coop, self.top, "2019-01-01", is_primary=True)
        self.assertEqual(self.coop.network_id, self.top)
        then = self.coop.with_context(consortium_date="2018-12-31")
        self.assertEqual(then.network_id, self.federation)

    @mute_logger("odoo.sql_db")
    def test_same_pair_once(self):
        with self.assertRaises(psycopg2.errors.ExclusionViolation):
            self.affiliate(self.coop, self.federation, "2019-01-01", "2019-01-31")

    def test_same_pair_again_later(self):
        line = self.affiliate(self.other, self.federation, "2018-07-01")
        self.assertTrue(line.in_force)

    @mute_logger("odoo.sql_db")
    def test_messages_in_french(self):
        Affiliation = self.env["consortium.affiliation"].with_context(lang="fr_CA")
        for values, words in (
            ({"is_primary": True}, "a déjà un réseau principal"),
            ({"date_end": "2014-01-01"}, "se termine le jour où elle commence"),
        ):
            with self.subTest(words):
                with (
                    self.assertRaises(psycopg2.IntegrityError) as caught,
                    self.env.cr.savepoint(),
                ):
                    self.affiliate(self.coop, self.top, **values)
                message = Affiliation._sql_error_to_message(caught.exception)
                self.assertIn(words, message)

    @mute_logger("odoo.sql_db")
    def test_not_itself(self):
        with self.assertRaises(psycopg2.errors.CheckViolation):
            self.affiliate(self.top, self.top, "2030-01-01")

    def test_only_to_a_network(self):
        with self.assertRaisesRegex(ValidationError, "not a network"):
            self.affiliate(self.other, self.coop)

    def test_a_network_stays_one(self):
        with self.assertRaisesRegex(ValidationError, "has or had members"):
            self.federation.organization_kind_id = self.kind_cooperative

    def test_no_loop(self):
        with self.assertRaisesRegex(ValidationError, "would belong to itself"):
            self.affiliate(self.top, self.federation, "2030-01-01")

    def test_no_loop_on_any_day_but_on_others(self):
        line = self.federation.affiliation_ids
        line.date_end = "2016-06-30"
        self.affiliate(self.top, self.federation, "2016-07-01")
        with self.assertRaisesRegex(ValidationError, "2016-07-01"):
            line.date_end = "2016-07-01"

    def test_no_loop_through_three(self):
        self.affiliate(self.top, self.grouping, "2017-01-01", "2017-12-31")
        with (
            self.assertRaisesRegex(ValidationError, "2017-06-01"),
            self.env.cr.savepoint(),
        ):
            self.affiliate(self.grouping, self.federation, "2017-06-01", "2018-12-31")
        self.affiliate(self.grouping, self.federation, "2018-01-01")

    def test_no_loop_in_one_batch(self):
        first, second = self.network("1"), self.network("2")
        with self.assertRaisesRegex(ValidationError, "would belong to itself"):
            self.env["consortium.affiliation"].create(
                [
                    {
                        "organization_id": one.id,
                        "network_id": other.id,
                        "date_start": "2019-01-01",
                    }
                    for one, other in ((first, second), (second, first))
                ]
            )

    def test_merge_is_refused(self):
        wizard = self.env["base.partner.merge.automatic.wizard"]
        with self.assertRaisesRegex(UserError, "change that record first"):
            wizard._merge((self.coop | self.other).ids, self.other)
        copy = self.organization("Coop")
        wizard._merge((self.coop | copy).ids, self.coop)
        self.assertEqual(len(self.coop.affiliation_ids), 2)

    def test_query_count_does_not_grow(self):
        counts = []
        for size in (5, 10, 500):  # the first one warms caches
            network = self.network(f"Réseau {size}")
            members = self.env["res.partner"].create(
                [
                    {
                        "name": f"Membre {size}-{i}",
                        "is_company": True,
                        "organization_kind_id": self.kind_cooperative.id,
                    }
                    for i in range(size)
                ]
            )
            self.env["consortium.affiliation"].create(
                [
                    {
                        "organization_id": member.id,
                        "network_id": network.id,
                        "date_start": "2018-07-01",
                        "is_primary": True,
                    }
                    for member in members
                ]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(network.member_count, size)
            action = network.action_open_network_members()
            result = self.env["res.partner"].web_search_read(
                action["domain"],
                {"display_name": {}, "network_id": {"fields": {"display_name": {}}}},
                limit=8,
            )
            self.assertEqual(result["length"], size)
            self.assertEqual(len(network._members_on("2019-06-30")), size)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])


def _reaches(edges, origin, day):
    """Independent of the SQL: who is reached from ``origin`` on ``day``, going up."""
    reached, frontier = set(), [origin]
    while frontier:
        node = frontier.pop()
        for low, high, start, end in edges:
            if low == node and start <= day <= end and high not in reached:
                reached.add(high)
                frontier.append(high)
    return reached


@tagged("post_install", "-at_install")
class TestAffiliationProperties(OrganizationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.networks = [cls.network(f"Réseau {i}") for i in range(5)]

    # Each case is a database scenario: fewer than for pure functions.
    @settings(max_examples=60, deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.integers(0, 4),
                st.integers(0, 4),
                st.integers(0, 9),
                st.integers(0, 9),
            ),
            max_size=9,
        )
    )
    @mute_logger("odoo.sql_db")
    def test_loops_and_intervals(self, wanted):
        """What closes a loop or doubles a pair is refused, and nothing else."""
        first = date(2018, 1, 1)
        accepted = []
        with self.env.cr.savepoint() as savepoint:
            for low, high, start, length in wanted:
                edge = (low, high, start, start + length)
                days = range(edge[2], edge[3] + 1)
                doubled = any(
                    (low, high) == other[:2]
                    and other[2] <= edge[3]
                    and edge[2] <= other[3]
                    for other in accepted
                )
                looped = low == high or any(
                    low in _reaches([*accepted, edge], low, day) for day in days
                )
                try:
                    with self.env.cr.savepoint():
                        self.affiliate(
                            self.networks[low],
                            self.networks[high],
                            first + timedelta(days=edge[2]),
                            first + timedelta(days=edge[3]),
                        )
                except (psycopg2.IntegrityError, ValidationError):
                    self.assertTrue(doubled or looped, (edge, accepted))
                else:
                    self.assertFalse(doubled or looped, (edge, accepted))
                    accepted.append(edge)
            for day in range(0, 19, 3):
                on = first + timedelta(days=day)
                for position, network in enumerate(self.networks):
                    reached = _reaches(accepted, position, day)
                    self.assertEqual(
                        set(network._networks_on(on).ids),
                        {self.networks[i].id for i in reached},
                    )
            savepoint.rollback()
        self.env.invalidate_all()
