import csv
import logging

from odoo import api, models
from odoo.tools import file_open

_logger = logging.getLogger(__name__)

ADDON = "consortium_demo"
OUTGOING = [("state", "=", "outgoing")]


class ConsortiumDemo(models.AbstractModel):
    """Makes the demonstration, chapter by chapter, through the operations that people
    use: what it shows is what they would have got."""

    _name = "consortium.demo"
    _description = "Demonstration Year"

    @api.model
    def _load(self):
        """Load every chapter. Nobody is written to, and nothing waits for a person."""
        # What people would have written, and what was posted for them, is French.
        quiet = self.with_context(
            lang="fr_CA",
            tracking_disable=True,
            mail_create_nosubscribe=True,
            mail_notrack=True,
            no_reset_password=True,
        )
        # What waited before waits on.
        waiting = self.env["mail.mail"].search(OUTGOING)
        chapters = quiet._chapters()
        for number, (title, load) in enumerate(chapters, 1):
            _logger.info("Demonstration %s/%s: %s", number, len(chapters), title)
            load()
        # Nobody is written to: these people are invented.
        (self.env["mail.mail"].search(OUTGOING) - waiting).unlink()

    def _chapters(self):
        """``[(title, method)]``, in the order of the story: a model of this name for
        each few of them."""
        return [
            ("organizations", self._load_organizations),
            ("networks", self._load_networks),
            ("members and shares", self._load_members),
            ("departures", self._load_departures),
            ("experts", self._load_experts),
            ("service agreements", self._load_agreements),
            ("satisfaction", self._load_satisfaction),
            ("service requests", self._load_requests),
            ("on the secretary's desk", self._load_affairs),
            ("cost centers and rates", self._load_centers),
            ("hours", self._load_hours),
            ("invoices and payments", self._load_invoices),
            ("the books", self._load_books),
            ("budgets", self._load_budgets),
            ("figures from before", self._load_history),
            ("allocation of the surplus", self._load_allocation),
            ("board of the year", self._load_board),
            ("actual cost of the year", self._load_final_run),
            ("rates of the next year", self._load_target_run),
            ("annual report", self._load_report),
            ("reusable achievements", self._load_achievements),
            ("agreements of now", self._load_running),
            ("mentoring and training", self._load_learning),
            ("true-up of the year", self._load_true_up),
            ("funding envelope", self._load_funding),
            ("last month to bill", self._load_billing_run),
        ]

    def _rows(self, name):
        """The rows of a file of ``data/``, as dictionaries of strings."""
        with file_open(f"{ADDON}/data/{name}.csv") as lines:
            return list(csv.DictReader(lines))

    def _named(self, key):
        """The record of an identifier: another addon's, or one of ours."""
        return self.env.ref(key if "." in key else f"{ADDON}.{key}")

    def _remember(self, key, record):
        """Give a record its identifier, so that the story can go on about it."""
        self.env["ir.model.data"]._update_xmlids(
            [{"xml_id": f"{ADDON}.{key}", "record": record, "noupdate": True}]
        )
        return record

    def _resolution(self, kind, date, subject, body="board"):
        """A decision taken that day, unanimously."""
        resolution = self.env["consortium.resolution"].create(
            {
                "kind": kind,
                "date": date,
                "subject": subject,
                "body": body,
                "unanimous": True,
            }
        )
        resolution._enter_result()
        return resolution
