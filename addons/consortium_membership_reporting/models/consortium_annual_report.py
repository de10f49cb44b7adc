from odoo import api, fields, models
from odoo.fields import Domain

STAR = "★"


class ConsortiumAnnualReport(models.Model):
    """What the register of members says of the year."""

    _inherit = "consortium.annual.report"

    @api.model
    def _readable_by(self, partner):
        """Members, and who still holds shares, read the reports of the cooperatives
        that they are members of or hold shares in."""
        # Superuser: of this organisation alone, whoever acts for it.
        memberships = self.env["consortium.membership"].sudo()
        entries = self.env["consortium.share.entry"].sudo()
        today = self.env.company._today()
        own = Domain("partner_id", "=", partner.id)
        companies = memberships.search(
            own & memberships._in_force_domain(today)
        ).company_id
        held = entries._read_group(
            own & Domain("date", "<=", today),
            ["company_id"],
            having=[("quantity:sum", ">", 0)],
        )
        companies |= companies.union(*(company for (company,) in held))
        return super()._readable_by(partner) & Domain("company_id", "in", companies.ids)

    def _members_at_end(self):
        """The memberships in force at the year end, by number.

        Superuser: the number of members is in the checklist of whoever prepares it.
        """
        self.ensure_one()
        return (
            self.env["consortium.membership"].sudo()._on(self.date_to, self.company_id)
        )

    def _known_counts(self):
        """Members, and apart from them auxiliary members, as article 132 asks for.
        An empty register knows nothing: what was typed stays."""
        counts = super()._known_counts()
        members = self._members_at_end()
        if members:
            auxiliary = len(members.filtered("is_auxiliary"))
            counts["member_count"] = len(members) - auxiliary
            counts["auxiliary_member_count"] = auxiliary
        return counts

    def _has_members(self):
        return bool(self._members_at_end()) or super()._has_members()

    def _has_auxiliary_members(self):
        members = self._members_at_end()
        if not members:
            return super()._has_auxiliary_members()
        return True if members.filtered("is_auxiliary") else None

    def _section_members(self):
        """Article 132, 3, then the lists of members by category, new ones starred."""
        members = self._members_at_end()
        blocks = super()._section_members()
        before = (
            self.env["consortium.indicator"]
            .sudo()
            ._members_before(self.date_from, self.company_id)
        )
        note = self.env._("%(star)s member admitted during the year", star=STAR)
        for category, some in sorted(
            members.grouped("category_id").items(), key=lambda item: item[0].sequence
        ):
            new = some.partner_id - before
            rows = [
                (
                    (
                        member.number,
                        (f"{STAR} " if member.partner_id in new else "")
                        + member.partner_id.name,
                        member.organization_kind_id.name or "",
                        member.region_id.name or "",
                        fields.Date.to_string(member.date_start),
                    ),
                    {},
                )
                for member in some.sorted(lambda m: (m.partner_id.name, m.number))
            ]
            blocks.append(
                self._block_table(
                    f"members_{category.code}",
                    self.env._(
                        "%(category)s: %(count)s",
                        category=category.name,
                        count=len(some),
                    ),
                    [
                        (self.env._("No."), "count"),
                        (self.env._("Name"), "text"),
                        (self.env._("Kind"), "text"),
                        (self.env._("Region"), "text"),
                        (self.env._("Since"), "date"),
                    ],
                    rows,
                    [note] if new else [],
                )
            )
        return blocks
