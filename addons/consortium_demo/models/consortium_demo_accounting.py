from odoo import Command, fields, models
from odoo.fields import Domain


class ConsortiumDemo(models.AbstractModel):
    """What the accountant finds to do: a year to true up, a month to bill."""

    _inherit = "consortium.demo"  # pylint: disable=consider-merging-classes-inherited

    def _load_true_up(self):
        """The board adopted the actual cost of 2018-2019; what each agreement was
        billed above or below it is established, and waits for its approval: nothing is
        posted, the books of the year stay those of its annual report."""
        run = self._as_accountant(self._named("final_run_2018"))
        run.resolution_id = self._resolution(
            "rates", "2019-09-18", "Coût réel 2018-2019"
        )
        run.action_approve()
        run.action_true_up()

    def _load_funding(self):
        """A fund pays for the hours of two studies, up to a cap an hour: it is told
        what they cost once the true-up of the year is approved."""
        funder = self.env["res.partner"].create(
            {
                "name": "Fonds d'appui aux coopératives du Québec",
                "is_company": True,
                "city": "Québec",
                "state_id": self.env.ref("base.state_ca_qc").id,
                "country_id": self.env.ref("base.ca").id,
            }
        )
        studies = self.env["sale.order"].search(
            [
                (
                    "agreement_title",
                    "in",
                    ("Étude de faisabilité", "Recherche de financement"),
                ),
                ("signed_on", ">=", "2018-07-01"),
                ("signed_on", "<", "2019-07-01"),
            ],
            order="ceiling_minutes DESC, name",
            limit=2,
        )
        books = self._as_accountant(self).env
        books["consortium.funding"].create(
            {
                "name": "Études de coopératives, 2018-2019",
                "reference": "FACQ-2018-042",
                "funder_id": funder.id,
                "date_start": "2018-07-01",
                "date_end": "2019-06-30",
                "amount": 65_000,
                "cap_ids": [
                    Command.create(
                        {"cost_center_id": self._named("center_RDP").id, "rate": 55}
                    )
                ],
                "order_ids": [Command.set(studies.ids)],
                "gap_source": "Chaque membre, pour sa part de l'étude",
            }
        )

    def _load_billing_run(self):
        """The hours of last month are approved, locked and proposed for invoices; an
        expert may still enter two days of it. Those since wait for approval, but for
        this week's, which nobody has confirmed."""
        today = self.env.company._today()
        this_month = fields.Date.start_of(today, "month")
        this_week = fields.Date.start_of(today, "week")
        last_day = fields.Date.subtract(this_month, days=1)
        times = self._as_coordinator().env["account.analytic.line"]
        worked = times.search(
            times._time_domain()
            & Domain("approval_state", "=", "draft")
            & Domain("date", "<", max(this_month, this_week))
        )
        worked._write_approval({"approval_state": "submitted"})
        worked.filtered(lambda time: time.date <= last_day)._approve()
        books = self._as_accountant(self).env
        books["consortium.timesheet.lock"].create({"date": last_day})
        books["consortium.timesheet.exception"].create(
            {
                "employee_id": self._named("expert_01").id,
                "date_from": fields.Date.subtract(last_day, days=1),
                "date_to": last_day,
                "open_until": fields.Date.add(last_day, days=45),
                "reason": "En congé de maladie à la fin du mois",
            }
        )
        run = books["consortium.billing.run"].create({"date_to": last_day})
        run.action_propose()

    def _as_accountant(self, records):
        """Who closes years and bills months, and whose name is under it."""
        return records.with_user(self._user("accountant")).sudo()
