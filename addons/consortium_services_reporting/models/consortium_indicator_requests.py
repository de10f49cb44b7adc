from odoo import api, models
from odoo.addons.consortium_reporting.models.consortium_indicator_books import Figure
from odoo.addons.consortium_reporting.tools.canonical import share
from odoo.addons.consortium_reporting.tools.formats import half_up
from odoo.fields import Domain

REQUESTS = ("requests", "request_delay")


class ConsortiumIndicator(models.Model):
    """The figures of service requests."""

    _inherit = "consortium.indicator"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _computations(self):
        return {
            **super()._computations(),
            **dict.fromkeys(REQUESTS, "_compute_requests"),
            "recommendations_taken": "_compute_recommendations",
        }

    @api.model
    def _record_domains(self):
        return {
            **super()._record_domains(),
            **dict.fromkeys(REQUESTS, "_domain_of_requests"),
            "recommendations_taken": "_domain_of_recommendations",
        }

    @api.model
    def _received_domain(self, date_from, date_to):
        first, after = self._moments(date_from, date_to)
        return self._received_until(after) & Domain("received_at", ">=", first)

    @api.model
    def _received_until(self, moment):
        """Requests received before a moment."""
        return (
            Domain("company_id", "in", [self.env.company.id, False])
            & Domain("is_service_request", "=", True)
            & Domain("received_at", "<", moment)
        )

    @api.model
    def _received_before(self, date_from):
        """Whether any request was: before the first one, there is no figure."""
        first, _after = self._moments(date_from, date_from)
        received = self._received_until(first)
        leads = self.env["crm.lead"].with_context(active_test=False)
        return bool(leads.search_count(received, limit=1))

    @api.model
    def _compute_requests(self, codes, date_from, date_to):
        """Requests received, refused and withdrawn ones too, and the mean delay to the
        first answer of a person."""
        leads = (
            self.env["crm.lead"]
            .with_context(active_test=False)
            .search(self._received_domain(date_from, date_to), order="received_at, id")
        )
        if not (leads or self._received_before(date_from)):
            return {}
        figure = Figure("month")
        for lead in leads:
            figure.add(1, self._local_month(lead.received_at))
        result = {"requests": figure.as_value()}
        answered = leads.filtered("first_answer_at")
        if answered:
            minutes = sum(answered.mapped("first_answer_minutes"))
            result["request_delay"] = {"value": half_up(minutes, len(answered))}
        return result

    @api.model
    def _domain_of_requests(self, code, date_from, date_to, dimension, key):
        domain = self._received_domain(date_from, date_to)
        if code == "request_delay":
            domain &= Domain("first_answer_at", "!=", False)
        return "crm.lead", domain & Domain("active", "in", [True, False])

    @api.model
    def _answered_domain(self, date_from, date_to):
        return (
            Domain("company_id", "in", [self.env.company.id, False])
            & Domain("is_recommended", "=", True)
            & Domain("option_answer", "!=", False)
            & Domain("option_answer_date", ">=", date_from)
            & Domain("option_answer_date", "<=", date_to)
        )

    @api.model
    def _compute_recommendations(self, codes, date_from, date_to):
        """Of the fields that nobody had asked for, the part that members took."""
        groups = self.env["consortium.service.request.line"]._read_group(
            self._answered_domain(date_from, date_to), ["option_answer"], ["__count"]
        )
        counts = dict(groups)
        taken = counts.get("taken", 0)
        return {"recommendations_taken": {"value": share(taken, sum(counts.values()))}}

    @api.model
    def _domain_of_recommendations(self, code, date_from, date_to, dimension, key):
        return "consortium.service.request.line", self._answered_domain(
            date_from, date_to
        )
