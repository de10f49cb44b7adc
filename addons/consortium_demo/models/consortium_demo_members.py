from datetime import timedelta

from odoo import Command, fields, models
from odoo.tools import groupby

PROVINCES = {
    "QC": "base.state_ca_qc",
    "NB": "base.state_ca_nb",
    "AB": "base.state_ca_ab",
}
# Common shares that qualify, by category: invented by-laws.
QUALIFYING = {"user": 100, "support": 50, "auxiliary": 10}
PAID_WITHIN_DAYS = 30


class ConsortiumDemo(models.AbstractModel):
    """Members and shares: 20, 25, 36 then 56 members at the ends of four years."""

    _inherit = "consortium.demo"

    def _load_organizations(self):
        for row in self._rows("organizations"):
            state = self.env.ref(PROVINCES[row["state"]])
            region = row["region"]
            partner = self.env["res.partner"].create(
                {
                    "name": row["name"],
                    "is_company": True,
                    "organization_kind_id": self.env.ref(
                        f"consortium_base.organization_kind_{row['kind']}"
                    ).id,
                    "company_registry": row["neq"],
                    "street": row["street"],
                    "city": row["city"],
                    "zip": row["zip"],
                    "state_id": state.id,
                    "country_id": state.country_id.id,
                    "region_id": self.env.ref(f"consortium_base.region_{region}").id,
                    "email": f"{row['key'].replace('_', '-')}@exemple.test",
                    "lang": "fr_CA",
                }
            )
            self._remember(row["key"], partner)

    def _load_networks(self):
        """Who is served through which network; and the by-law on auxiliary members."""
        affiliations = self.env["consortium.affiliation"]
        for row in self._rows("affiliations"):
            organization = self._named(row["organization"])
            other = affiliations.search(
                [
                    ("organization_id", "=", organization.id),
                    ("is_primary", "=", True),
                    ("date_start", "<=", row["to"] or "9999-12-31"),
                ]
            )
            other.is_primary = False
            # The constraint of the database looks at each row as it is written.
            other.flush_recordset()
            affiliations.create(
                {
                    "organization_id": organization.id,
                    "network_id": self._named(row["network"]).id,
                    "date_start": row["from"],
                    "date_end": row["to"] or False,
                    "is_primary": True,
                }
            )
        # Invented by-laws: auxiliary members are users, served through their network.
        self.env.ref(
            "consortium_membership.member_category_auxiliary"
        ).counts_as_ids.write(
            {
                "counts_as": "user",
                "reference": "Règlement de régie interne, article 9 : membres "
                "auxiliaires utilisateurs",
            }
        )

    def _load_members(self):
        """Founders first, then each meeting of the board that admitted some."""
        self._prepare_qualifying_shares()
        rows = self._rows("members")
        for (date, founding), some in groupby(
            rows, lambda row: (row["admitted"], row["founding"] == "1")
        ):
            # References are numbered in the year of the story.
            day = self.with_context(ir_sequence_date=date)
            day._admit(fields.Date.to_date(date), founding, some)

    def _prepare_qualifying_shares(self):
        share_class = self._remember(
            "share_class_common",
            self.env["consortium.share.class"].create(
                {
                    "code": "PS",
                    "name": "Parts sociales de qualification",
                    "kind": "common",
                    "is_qualifying": True,
                }
            ),
        )
        share_class.action_set_up_accounting()
        for code, quantity in QUALIFYING.items():
            category = self.env.ref(f"consortium_membership.member_category_{code}")
            category.qualifying_ids = [
                Command.create({"share_class_id": share_class.id, "quantity": quantity})
            ]

    def _admit(self, date, founding, rows):
        resolution = self._resolution(
            "admission",
            date,
            "Assemblée d'organisation : membres fondateurs et leurs parts"
            if founding
            else "Admission de membres",
            "general_meeting" if founding else "board",
        )
        memberships = self.env["consortium.membership"]
        for row in rows:
            category = self.env.ref(
                f"consortium_membership.member_category_{row['category']}"
            )
            membership = memberships._admit(
                self._named(row["organization"]),
                category,
                date,
                founding=founding,
                resolution_id=resolution.id,
            )
            assert membership.number == int(row["number"]), row
            memberships |= membership
        memberships._subscribe_qualifying()
        self._pay_shares(memberships, date + timedelta(days=PAID_WITHIN_DAYS))

    def _pay_shares(self, memberships, date):
        """The members pay what they subscribed, all but the latest ones."""
        invoices = (
            self.env["consortium.share.operation"]
            .search([("partner_id", "in", memberships.partner_id.ids)])
            .move_ids.filtered(lambda move: move.move_type == "out_invoice")
        )
        for invoice in invoices:
            wizard = self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=invoice.ids
            )
            wizard.create({"payment_date": date})._create_payments()
        # Paid years ago: nobody is sent its certificate today.
        # Certificates are written by nobody but the superuser; the demonstration here.
        certificates = self.env["consortium.share.certificate"].sudo()
        certificates.search([("mailing", "=", "waiting")]).mailing = "sent"

    def _load_departures(self):
        for row in self._rows("members"):
            if not row["left"]:
                continue
            date = fields.Date.to_date(row["left"])
            partner = self._named(row["organization"])
            membership = self.env["consortium.membership"].search(
                [("partner_id", "=", partner.id), ("state", "=", "admitted")]
            )
            membership._end(date, "resignation")
