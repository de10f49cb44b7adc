from odoo import api, models
from odoo.fields import Domain


class ConsortiumMembership(models.Model):
    """What the law says of the number of members, watched every night."""

    _inherit = "consortium.membership"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _alerts(self, date, company=None):
        """What is to be told about the members on a date.

        :return: ``[(code, sentence), …]``, empty when all is well
        """
        company = company or self.env.company
        value = self.env["consortium.legal.parameter"]._value
        counts = {
            (kind, auxiliary): count
            for kind, auxiliary, count in self._count_by_kind(date, company)
        }
        members = sum(n for (_kind, auxiliary), n in counts.items() if not auxiliary)
        minimum = value("founders_min", date)
        alerts = []
        if members <= minimum + company.member_minimum_margin:
            alerts.append(
                (
                    "minimum",
                    self.env._(
                        "%(members)s members; the law asks for at least %(minimum)s.",
                        members=members,
                        minimum=minimum,
                    ),
                )
            )
        threshold = value("liaison_committee_members_max", date)
        committee = sum(
            n
            for (kind, auxiliary), n in counts.items()
            if auxiliary or kind == "worker"
        )
        if committee > threshold and not company.has_liaison_committee:
            alerts.append(
                (
                    "liaison",
                    self.env._(
                        "%(count)s worker and auxiliary members, more than "
                        "%(threshold)s: a by-law has to form a liaison committee at "
                        "the next annual meeting.",
                        count=committee,
                        threshold=threshold,
                    ),
                )
            )
        return alerts

    @api.model
    def _count_by_kind(self, date, company):
        rows = self._read_group(
            self._on_domain(date, company), ["category_id"], ["__count"]
        )
        counts = {}
        for category, count in rows:
            key = (category.kind, category.is_auxiliary)
            counts[key] = counts.get(key, 0) + count
        return [(*key, count) for key, count in counts.items()]

    @api.model
    def _cron_alerts(self):
        """An activity for an officer on the cooperative's own contact, once each."""
        officers = self.env.ref("consortium_base.group_membership_officer").all_user_ids
        activities = self.env["mail.activity"]
        for (company,) in self._read_group([], ["company_id"]):
            officer = officers.filtered(
                lambda u, company=company: (
                    u.active and not u.share and company in u.company_ids
                )
            ).sorted("id")[:1]
            for _code, sentence in self._alerts(company._today(), company):
                known = activities.search_count(
                    Domain("res_model", "=", "res.partner")
                    & Domain("res_id", "=", company.partner_id.id)
                    & Domain("summary", "=", sentence),
                    limit=1,
                )
                if not known:
                    company.partner_id.activity_schedule(
                        "mail.mail_activity_data_todo",
                        summary=sentence,
                        user_id=officer.id or self.env.uid,
                    )
