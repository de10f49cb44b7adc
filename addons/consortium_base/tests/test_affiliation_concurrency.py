"""Two real connections, each with half of a loop."""

import psycopg2
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestAffiliationConcurrency(BaseCase):
    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            kind = env.ref("consortium_base.organization_kind_network")
            self.ids = (
                env["res.partner"]
                .create(
                    [
                        {
                            "name": f"Concurrent {i}",
                            "is_company": True,
                            "organization_kind_id": kind.id,
                        }
                        for i in range(4)
                    ]
                )
                .ids
            )
        self.addCleanup(self.clean)

    def clean(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["consortium.affiliation"].search(
                [("organization_id", "in", self.ids)]
            ).unlink()
            env["res.partner"].browse(self.ids).unlink()

    def affiliate(self, cr, low, high):
        env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
        env["consortium.affiliation"].create(
            {
                "organization_id": self.ids[low],
                "network_id": self.ids[high],
                "date_start": "2018-07-01",
            }
        )
        env.flush_all()

    @mute_logger("odoo.sql_db")
    def refuses_the_second(self, first, second):
        """Both have read before either writes: the second does not see the first."""
        with self.registry.cursor() as one, self.registry.cursor() as other:
            for cr in (one, other):
                cr.execute("SELECT count(*) FROM consortium_affiliation")
            self.affiliate(one, *first)
            one.commit()
            # The kind of failure that Odoo tries again: it then sees the loop.
            with self.assertRaises(psycopg2.errors.SerializationFailure):
                self.affiliate(other, *second)
            other.rollback()

    def test_two_halves_of_a_loop(self):
        self.refuses_the_second((0, 1), (1, 0))

    def test_two_quarters_of_a_loop(self):
        with self.registry.cursor() as cr:
            self.affiliate(cr, 1, 2)
            self.affiliate(cr, 3, 0)
        self.refuses_the_second((0, 1), (2, 3))
