import logging

from dateutil.relativedelta import relativedelta
from odoo import api, models
from odoo.exceptions import UserError

from ..tools import words

_logger = logging.getLogger(__name__)

ACTIVITY = "consortium_reporting.mail_activity_type_operations"


class ConsortiumMemberOperations(models.Model):
    _inherit = "consortium.member.operations"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _cron_warn(self):
        """Read the year that runs of each cooperative; warn its managers once while the
        proportion is, or comes close to being, too low."""
        companies = self.env["res.company"].search([("legal_form", "!=", False)])
        for company in companies:
            try:
                with self.env.cr.savepoint():
                    self.with_company(company)._read_and_warn(company)
            except UserError as error:
                # Somebody is writing in it, or what was typed is wrong: the others'
                # years are read all the same, this one tomorrow.
                _logger.warning("Operations of %s not read: %s", company.name, error)

    @api.model
    def _read_and_warn(self, company):
        year = self._of_today(company)
        if year.state != "draft":
            return
        structure = year.action_compute()
        if structure["status"] in ("below", "warning"):
            year._warn(structure)
        else:
            year.activity_unlink([ACTIVITY])

    @api.model
    def _of_today(self, company):
        """The year that runs, in progress from its first reading on."""
        date_from, date_to = company._fiscal_year(company._today())
        year = self.search(
            [
                ("company_id", "=", company.id),
                ("date_from", "<=", date_to),
                ("date_to", ">=", date_from),
                ("state", "!=", "replaced"),
            ],
            limit=1,
        )
        return year or self.create(
            {"company_id": company.id, "date_from": date_from, "date_to": date_to}
        )

    def _warn(self, structure):
        managers = self.env.ref("consortium_base.group_manager").all_user_ids.filtered(
            lambda user: user.active and self.company_id in user.company_ids
        )
        warned = self.activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.env.ref(ACTIVITY)
        ).user_id
        for user in managers - warned - self.env.ref("base.user_root"):
            lang = user.lang
            french = (lang or "").startswith("fr")
            env = self.with_context(lang=lang).env
            self.activity_schedule(
                ACTIVITY,
                date_deadline=self.company_id._today() + relativedelta(days=14),
                user_id=user.id,
                summary=self._warning(env, structure, french),
            )

    @api.model
    def _warning(self, env, structure, french):
        """The lowest of the proportions that are measured."""
        measured = {
            basis: structure[basis]["share"]
            for basis in ("users", "workers")
            if structure[basis] and structure[basis]["share"] is not None
        }
        lowest = min(measured, key=measured.get)
        figures = {
            "share": words.percent(measured[lowest], french),
            "minimum": words.percent(structure["minimum"], french),
        }
        if lowest == "workers":
            return env._(
                "Operations with worker members: %(share)s, at least %(minimum)s "
                "required",
                **figures,
            )
        return env._(
            "Operations with user members: %(share)s, at least %(minimum)s required",
            **figures,
        )
