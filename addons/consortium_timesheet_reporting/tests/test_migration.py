from odoo.modules.migration import load_script
from odoo.tests import TransactionCase, tagged
from odoo.tools import file_path

SCRIPT = "consortium_timesheet_reporting/migrations/19.0.1.1.0/post-migration.py"


@tagged("post_install", "-at_install")
class TestMigration(TransactionCase):
    """A database from before headings had a role in the cost of hours."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.script = load_script(file_path(SCRIPT), "post-migration")
        cls.headings = cls.env["mis.report.kpi"].concat(
            *(cls.env.ref(f"consortium_reporting.{name}") for name in cls.script.ROLES)
        )

    def test_the_roles_of_a_new_database(self):
        given = self.headings.mapped("at_cost_role")
        self.assertEqual(given, list(self.script.ROLES.values()))
        self.headings.at_cost_role = False
        self.script.migrate(self.cr, "19.0.1.0.0")
        self.assertEqual(self.headings.mapped("at_cost_role"), given)

    def test_what_somebody_chose_stays(self):
        self.headings.at_cost_role = False
        self.headings[0].at_cost_role = "cost"
        self.script.migrate(self.cr, "19.0.1.0.0")
        self.assertEqual(self.headings[0].at_cost_role, "cost")
        self.assertFalse(any(self.headings[1:].mapped("at_cost_role")))

    def test_a_heading_that_is_gone(self):
        self.headings.at_cost_role = False
        self.env["ir.model.data"].search(
            [
                ("module", "=", "consortium_reporting"),
                ("name", "=", "mis_kpi_interest"),
            ]
        ).unlink()
        self.script.migrate(self.cr, "19.0.1.0.0")
        self.assertEqual(self.headings[1].at_cost_role, "cost")
        self.assertFalse(self.headings[3].at_cost_role)
