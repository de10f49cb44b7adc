import threading
import time

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.orm.environments import Transaction
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger
from psycopg2 import OperationalError

TABLES = (
    ("consortium_membership_application", "membership_id"),
    ("consortium_membership", "application_id"),
)


@tagged("post_install", "-at_install")
class TestMembershipConcurrency(BaseCase):
    """Two real connections, two officers: what Odoo tries again is tried again here."""

    def setUp(self):
        super().setUp()
        # Odoo's own runner holds the lock of registries: threads are given this one.
        self.registry = Registry(get_db_name())
        self.partners = []
        with self.connection() as env:
            self.company = env.company.id
            self.last = env.company.member_number_last
            kind = env.ref("consortium_base.organization_kind_other")
            category = env["consortium.member.category"].create(
                {"name": "Concurrence", "code": "t_concurrency"}
            )
            resolution = env["consortium.resolution"].create(
                {
                    "subject": "Admission",
                    "kind": "admission",
                    "date": "2019-01-01",
                    "unanimous": True,
                    "number": "T-CONCURRENCE",
                }
            )
            resolution.action_decide()
            applications = env["consortium.membership.application"].create(
                [
                    {
                        "organization_name": f"Concurrence {index}",
                        "organization_kind_id": kind.id,
                        "category_id": category.id,
                        "has_undertaken": True,
                    }
                    for index in range(4)
                ]
            )
            applications.action_submit()
            self.applications = applications.ids
            self.category, self.resolution = category.id, resolution.id
            self.partners = applications.partner_id.ids
        self.addCleanup(self.clean)

    def connection(self):
        return Connection(self.registry)

    def clean(self):
        with db_connect(get_db_name()).cursor() as cr:
            for table, column in TABLES:
                cr.execute(
                    f"UPDATE {table} SET {column} = NULL "  # noqa: S608
                    "WHERE partner_id = ANY(%s)",
                    (self.partners,),
                )
            for table, _column in TABLES[::-1]:
                cr.execute(
                    f"DELETE FROM {table} WHERE partner_id = ANY(%s)",  # noqa: S608
                    (self.partners,),
                )
            cr.execute(
                "DELETE FROM consortium_member_category WHERE id = %s",
                (self.category,),
            )
            cr.execute(
                "DELETE FROM consortium_resolution WHERE id = %s", (self.resolution,)
            )
            cr.execute("DELETE FROM res_partner WHERE id = ANY(%s)", (self.partners,))
            cr.execute(
                "UPDATE res_company SET member_number_last = %s WHERE id = %s",
                (self.last, self.company),
            )

    def admit(self, ids, pause=0):
        """Admit, as a request does: five tries, then what the officer reads."""
        for _attempt in range(5):
            try:
                with self.connection() as env:
                    env["consortium.membership.application"].browse(ids)._admit(
                        env["consortium.resolution"].browse(self.resolution),
                        "2019-02-01",
                        welcome="no",
                    )
                    env.flush_all()
                    time.sleep(pause)
                return "admitted"
            except OperationalError:
                time.sleep(0.1)
            except UserError as error:
                return str(error)
        return "given up"

    @mute_logger("odoo.sql_db")
    def both(self, first, second, delay=0.2):
        outcomes = {}

        def run(name, ids, pause):
            outcomes[name] = self.admit(ids, pause)

        threads = [
            threading.Thread(target=run, args=("first", first, 0.6)),
            threading.Thread(target=run, args=("second", second, 0)),
        ]
        threads[0].start()
        time.sleep(delay)
        threads[1].start()
        for thread in threads:
            thread.join(30)
        return outcomes

    def numbers(self):
        with self.connection() as env:
            applications = env["consortium.membership.application"].browse(
                self.applications
            )
            return [
                a.membership_id.number for a in applications if a.state == "admitted"
            ]

    def test_two_officers_admit_the_same_application(self):
        ids = self.applications[:1]
        outcomes = self.both(ids, ids)
        self.assertEqual(outcomes["first"], "admitted")
        self.assertRegex(
            outcomes["second"], "(Somebody else|Quelqu|already|déjà)", outcomes
        )
        self.assertEqual(len(self.numbers()), 1)

    def test_two_officers_admit_two_applications(self):
        outcomes = self.both(self.applications[:2], self.applications[2:])
        self.assertEqual(set(outcomes.values()), {"admitted"})
        numbers = sorted(self.numbers())
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + 4)))

    def test_many_at_once_leave_no_gap(self):
        outcomes = []
        threads = [
            threading.Thread(target=lambda i=i: outcomes.append(self.admit([i])))
            for i in self.applications
        ]
        with mute_logger("odoo.sql_db"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(60)
        self.assertEqual(outcomes, ["admitted"] * 4)
        numbers = sorted(self.numbers())
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + 4)))

    def test_what_is_rolled_back_gives_its_number_back(self):
        with self.assertRaises(ZeroDivisionError), self.connection() as env:
            env["consortium.membership.application"].browse(
                self.applications[0]
            )._admit(
                env["consortium.resolution"].browse(self.resolution),
                "2019-02-01",
                welcome="no",
            )
            raise ZeroDivisionError
        before = self.numbers()
        self.assertFalse(before)
        self.admit(self.applications[:1])
        self.admit(self.applications[1:2])
        first, second = self.numbers()
        self.assertEqual(second, first + 1)


class Connection:
    """An environment on a connection of its own, committed at the end."""

    def __init__(self, registry):
        self.registry = registry

    def __enter__(self):
        self.cr = db_connect(get_db_name()).cursor()
        self.cr.__enter__()
        self.cr.transaction = Transaction(self.registry)
        return api.Environment(self.cr, SUPERUSER_ID, {"lang": "en_US"})

    def __exit__(self, *exception):
        return self.cr.__exit__(*exception)
