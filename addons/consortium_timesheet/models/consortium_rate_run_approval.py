import json

from odoo import fields, models
from odoo.exceptions import UserError

from ..tools import run as arithmetic


class ConsortiumRateRun(models.Model):
    """Adopted, frozen with its hash, and put in force."""

    _inherit = "consortium.rate.run"  # pylint: disable=R8180

    def action_approve(self):
        """Freeze the run; a target puts its rates in force, a final closes its year.

        :raise UserError: not computed, changed since, no resolution, entries not
            approved, cost in no center
        """
        for run in self:
            run.check_access("write")
            run._check_open()
            if run.kind == "final":
                run.company_id._lock_at_cost()
            run._check_approvable()
            inputs = run._inputs()
            if arithmetic.canonical(inputs) != run.inputs:
                raise UserError(
                    self.env._(
                        "Entries or hours changed since « %(name)s » was computed: "
                        "compute it again, and look at it.",
                        name=run.name,
                    )
                )
            previous = run._last_approved()
            run._write_run(
                {
                    "state": "approved",
                    "previous_id": previous.id,
                    "hash": arithmetic.digest(
                        inputs, json.loads(run.result), previous.hash or ""
                    ),
                    "approved_by_id": self.env.uid,
                    "approved_on": fields.Datetime.now(),
                }
            )
            run.flush_recordset()
            run._put_in_force()
        return True

    def _last_approved(self):
        return self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "=", "approved"),
                ("hash", "!=", False),
            ],
            order="approved_on desc, id desc",
            limit=1,
        )

    def _check_approvable(self):
        self.ensure_one()
        if self.state != "computed":
            raise UserError(self.env._("Compute the run first."))
        if self.scenario_of_id:
            raise UserError(
                self.env._("A what-if is compared, not approved: copy its figures.")
            )
        if self.is_running:
            raise UserError(
                self.env._(
                    "This run follows the year: make the final run of it once its "
                    "last entries are posted."
                )
            )
        self.resolution_id._require("rates", self._decision_date())
        if self.reserve_percent:
            self.reserve_resolution_id._require("reserve", self._decision_date())
        if self.kind == "final":
            self._check_year()
            self._check_closable()

    def _decision_date(self):
        """Rates are decided before they are in force, a final cost after its year."""
        return self.date_from if self.kind == "target" else self.company_id._today()

    def _put_in_force(self):
        """What an approved run changes outside of itself."""
        self.ensure_one()
        if self.kind == "target":
            centers = self._centers()
            adopted = json.loads(self.result)["centres"]
            rates = self.env["consortium.hourly.rate"].create(
                [
                    {
                        "cost_center_id": centers[code].id,
                        "date_start": self.date_from,
                        "rate_cents": row["rate"],
                        "resolution_id": self.resolution_id.id,
                        "run_id": self.id,
                    }
                    for code, row in sorted(adopted.items())
                    if row["rate"]
                ]
            )
            rates.action_approve()
            return
        company = self.company_id
        if not company.at_cost_closed_until or company.at_cost_closed_until < (
            self.date_to
        ):
            # The accountant closes the year, and changes nothing else of the company.
            company.sudo().at_cost_closed_until = self.date_to
        lock = company.timesheet_lock_date
        if not lock or lock < self.date_to:
            self.env["consortium.timesheet.lock"].create(
                {"company_id": company.id, "date": self.date_to, "reason": self.name}
            )

    def _replay(self):
        """The hash that the kept inputs give today: the same, or something is wrong."""
        self.ensure_one()
        inputs = json.loads(self.inputs)
        previous = self.previous_id.hash or ""
        return arithmetic.digest(inputs, arithmetic.compute(inputs), previous)

    def action_verify(self):
        """Compute an approved run again from what it kept, and tell.

        :raise UserError: the hash is another one
        """
        self.ensure_one()
        if self.state != "approved" or self._replay() != self.hash:
            raise UserError(
                self.env._("« %(name)s » does not give its hash again.", name=self.name)
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Computed again: the same figures, same hash."),
            },
        }

    def action_scenario(self):
        """A copy to try something on: a hire, a rent, fewer hours."""
        self.ensure_one()
        scenario = self.copy({"scenario_of_id": (self.scenario_of_id or self).id})
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": scenario.id,
            "view_mode": "form",
        }
