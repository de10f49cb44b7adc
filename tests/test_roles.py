"""Who may do what with every model of every addon, with all of them installed: each
addon's tests have the table of its own models; this one has that of the addons that
join others, and what is promised of the whole."""

from importlib import import_module
from itertools import chain

from helpers import addons
from odoo.addons.consortium_base.tests.common_access import READ_ALL, AccessMatrix
from odoo.tests import TransactionCase, tagged

TRAINING = dict.fromkeys(("expert", "coordinator", "manager", "auditor", "portal"), "r")
# Where the tables of the other addons are.
TABLES = {
    "consortium_base": ("test_access_matrix",),
    "consortium_membership": ("test_member_access", "test_share_access"),
    "consortium_reporting": ("test_annual_report_access", "test_figures_access"),
    "consortium_services": ("test_access_matrix_requests", "test_agreement_access"),
    "consortium_timesheet": ("test_access",),
}
# What each role may do with a model: c(reate), r(ead), w(rite), u(nlink).
EXPECTED = {
    "consortium.service.exception": {
        **READ_ALL,
        "coordinator": "crwu",
        "membership_officer": "crwu",
        "manager": "crwu",
    },
    # Triggers of PostgreSQL write it.
    "consortium.hours.summary": dict.fromkeys(
        ("accountant", "manager", "auditor"), "r"
    ),
    # Core's, that consortium_services_event opens to who trains and to who is trained.
    "event.event": {**TRAINING, "coordinator": "crw", "manager": "crw"},
    "event.registration": {
        **TRAINING,
        **dict.fromkeys(("expert", "coordinator", "manager"), "crw"),
    },
    "event.stage": {**TRAINING, "portal": ""},
}
# What a person reads before being anybody's representative, to apply.
OPEN = {"consortium.member.category", "consortium.member.category.counts.as"}


@tagged("post_install", "-at_install")
class TestRoles(AccessMatrix, TransactionCase):
    expected = EXPECTED

    def ours(self):
        """``{name: model}`` of what our addons define."""
        return {
            name: model
            for name, model in self.env.items()
            if model._original_module in addons.manifests() and not model._abstract
        }

    def test_every_model_is_in_one_table(self):
        tables = [
            import_module(f"odoo.addons.{addon}.tests.{name}").EXPECTED
            for addon, names in TABLES.items()
            for name in names
        ]
        told = list(chain(EXPECTED, *tables))
        self.assertLessEqual(set(self.ours()), set(told))
        self.assertEqual(len(told), len(set(told)), "a model is in two tables")

    def test_the_auditor_reads_all_and_writes_nothing(self):
        """Each record of its cooperative, whatever its state or owner."""
        own = [("company_id", "in", (False, self.env.company.id))]
        for name, model in self.ours().items():
            if model._transient:
                continue
            self.assertEqual(self.allowed(name, "auditor"), {"r"}, name)
            if model._auto:
                every = model.with_context(active_test=False)
                domain = own if "company_id" in model._fields else []
                self.assertEqual(
                    every.with_user(self.users["auditor"]).search_count(domain),
                    every.search_count(domain),
                    name,
                )

    def test_the_public_reads_nothing(self):
        for name in self.ours():
            self.assertFalse(self.allowed(name, "public"), name)

    def test_a_person_without_a_mandate_sees_nothing(self):
        """The portal's group may read some models; its rules then open no record."""
        user = self.users["portal"]
        seen = {
            name
            for name, model in self.ours().items()
            if model._auto
            and self.allowed(name, "portal")
            and model.with_user(user).search_count([])
        }
        self.assertEqual(seen, OPEN)
