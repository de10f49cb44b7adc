from odoo import fields, models

TODAY = "2019-07-02"  # the day that the demonstration has come to


class ConsortiumDemo(models.AbstractModel):
    """What is on the desk of the secretary and of the accountant when the year ends:
    applications, files of members who leave, requests, the queue of redemptions."""

    _inherit = "consortium.demo"  # pylint: disable=consider-merging-classes-inherited

    def _load_affairs(self):
        there = self._on_the_day()
        there._load_applications()
        there._load_leaving()
        there._load_member_requests()
        there._load_share_affairs()

    def _on_the_day(self, day=TODAY):
        """References are numbered in the year of the story too."""
        return self.with_context(
            consortium_demo_day=fields.Date.to_date(day), ir_sequence_date=day
        )

    def _member(self, name):
        """A demonstration organisation of the base addon."""
        return self.env.ref(f"consortium_base.demo_{name}")

    def _membership_of(self, partner):
        return self.env["consortium.membership"].search(
            [("partner_id", "=", partner.id), ("state", "=", "admitted")], limit=1
        )

    def _load_applications(self):
        """One received online, one before the board, one refused, one withdrawn."""
        applications = self.env["consortium.membership.application"]
        for row in self._rows("applications"):
            application = applications.create(
                {
                    "organization_name": row["name"],
                    "organization_kind_id": self.env.ref(
                        f"consortium_base.organization_kind_{row['kind']}"
                    ).id,
                    "neq": row["neq"],
                    "category_id": self.env.ref(
                        f"consortium_membership.member_category_{row['category']}"
                    ).id,
                    "date": row["date"],
                    "source": row["source"],
                    "city": row["city"],
                    "email": row["email"],
                    "state_id": self.env.ref("base.state_ca_qc").id,
                    "contact_name": row["contact"],
                    "contact_email": row["contact_email"],
                    "usage_hours": int(row["hours"]),
                    "need": row["need"],
                    "has_undertaken": True,
                }
            )
            if row["state"] in ("submitted", "refused"):
                application.action_submit()
            if row["state"] == "refused":
                resolution = self._resolution(
                    "admission", row["date"], "Demande d'adhésion refusée"
                )
                application._refuse(
                    resolution,
                    "L'organisation n'est pas en mesure d'utiliser nos services : "
                    "elle n'a pas encore d'activités.",
                )
            if row["state"] == "withdrawn":
                application.action_withdraw()

    def _load_leaving(self):
        self.env["consortium.membership.resignation"].create(
            {
                "membership_id": self._membership_of(self._named("tisane")).id,
                "notice_date": "2019-06-20",
                "reason": "La coopérative s'est jointe à une autre, déjà membre.",
            }
        )
        self._load_sanctions()
        self.env["consortium.suspension"].create(
            {
                "partner_id": self._member("organization_nonprofit_3").id,
                "kind": "inactivity",
                "notice_date": "2019-06-17",
                "date_start": "2019-07-08",
            }
        )

    def _load_sanctions(self):
        """A suspension in effect, and an expulsion of which notice is given."""
        files = self.env["consortium.member.sanction"]
        suspended = files.create(
            {
                "membership_id": self._membership_of(self._named("lanterne")).id,
                "kind": "suspension",
                "ground_ids": self._grounds("shares_unpaid"),
                "facts": "Le deuxième versement des parts de qualification, dû le "
                "15 mars 2019, n'est pas payé malgré deux rappels.",
                "notice_date": "2019-05-06",
                "meeting_date": "2019-05-15",
                "meeting_time": "18 h 30",
                "meeting_place": "Siège de la coopérative, Québec",
            }
        )
        suspended.action_notify()
        suspended.write(
            {
                "statement_received": True,
                "statement": "Nos subventions ont été retardées; nous paierons en "
                "septembre.",
                "directors_present": 9,
                "resolution_id": self._resolution(
                    "expulsion", "2019-05-15", "Suspension d'un membre"
                ).id,
            }
        )
        suspended.action_decide()
        suspended.write(
            {
                "reasons": "Les parts de qualification ne sont pas payées au terme "
                "prévu par le règlement. Le conseil tient compte de l'engagement du "
                "membre de payer en septembre.",
                "decision_notice_date": "2019-05-22",
                "effective_date": "2019-06-01",
                "suspension_end": "2019-10-31",
            }
        )
        suspended.action_apply()
        expelled = files.create(
            {
                "membership_id": self._membership_of(self._named("semailles")).id,
                "kind": "expulsion",
                "ground_ids": self._grounds("not_user", "minimum_business"),
                "facts": "Aucune entente de service depuis l'admission, et le minimum "
                "fixé par le règlement n'est pas atteint.",
                "notice_date": "2019-06-25",
                "meeting_date": "2019-07-10",
                "meeting_time": "18 h 30",
                "meeting_place": "Siège de la coopérative, Québec",
            }
        )
        expelled.action_notify()

    def _grounds(self, *codes):
        return [
            fields.Command.link(
                self.env.ref(f"consortium_membership.member_ground_{code}").id
            )
            for code in codes
        ]

    def _load_member_requests(self):
        requests = self.env["consortium.member.request"]
        horizons = self._member("gov_org_horizons")
        requests.create(
            [
                {
                    "partner_id": horizons.id,
                    "person_id": self.env.ref("consortium_base.demo_partner_member").id,
                    "kind": "representative",
                    "date": "2019-06-26",
                    "representative_name": "Éric Thériault",
                    "representative_email": "eric.theriault@exemple.test",
                    "representative_function": "Directeur des finances",
                    "effective_date": "2019-08-01",
                    "details": "Il signera les ententes à la place de M. Renaud.",
                },
                {
                    "partner_id": self._member("gov_org_verger").id,
                    "kind": "transfer",
                    "date": "2019-06-21",
                    "quantity": 10,
                    "counterparty_name": horizons.name,
                    "details": "Réorganisation de nos services partagés.",
                },
                {
                    "partner_id": self._member("organization_mutual_1").id,
                    "kind": "redemption",
                    "date": "2019-06-18",
                    "quantity": 20,
                    "details": "Nous en avons plus que le nombre exigé.",
                },
            ]
        )

    def _load_share_affairs(self):
        """Those who left are repaid; a member takes more shares; statements."""
        share_class = self._named("share_class_common")
        bank = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.env.company.id)], limit=1
        )
        self._redemption("organization_mutual_3", 100, "2017-04-10", "2018-01-15", bank)
        self._redemption(
            "organization_other_3", 50, "2018-02-12", "2018-12-12", bank, 300
        )
        self.env["consortium.share.redemption"].create(
            {
                "partner_id": self._member("organization_nonprofit_8").id,
                "share_class_id": share_class.id,
                "quantity": 10,
                "reason": "resignation",
                "request_date": "2019-01-14",
                "planned_date": "2020-01-31",
            }
        )
        self._subscribe_more(share_class)
        statements = self.env["consortium.share.statement"]
        for year in (2017, 2018):
            statements._make(f"{year}-07-01", f"{year + 1}-06-30", self.env.company)

    def _redemption(self, name, quantity, asked, decided, bank, amount=None):
        """A departed member is repaid by a resolution, wholly or in part."""
        office = self.env.ref("consortium_base.demo_user_manager")
        requests = self._on_the_day(asked).env["consortium.share.redemption"]
        request = (
            requests.with_user(office)
            .sudo()
            .create(
                {
                    "partner_id": self._member(name).id,
                    "share_class_id": self._named("share_class_common").id,
                    "quantity": quantity,
                    "reason": "resignation",
                    "request_date": asked,
                    "planned_date": decided,
                }
            )
        )
        request = request.with_context(**self._on_the_day().env.context)
        answers = {"insolvent": "no", "unstable": "no", "unmet": "no"}
        request._sign_tests("resolution", answers, decided, amount=request.amount)
        request._redeem(
            self._resolution("redemption", decided, "Rachat de parts"), decided
        )
        paid_on = fields.Date.add(fields.Date.to_date(decided), days=30)
        request._sign_tests("payment", answers, paid_on, amount=request.amount_due)
        request._pay(amount or request.amount_due, paid_on, bank)
        if request.amount_due:
            request.planned_date = fields.Date.add(paid_on, years=1)

    def _subscribe_more(self, share_class):
        """What the representative of the demonstration has to pay in the portal."""
        day = "2019-06-05"
        resolution = self._resolution("admission", day, "Souscription de parts")
        self.env["consortium.share.operation"]._subscribe(
            self._member("gov_org_horizons"), share_class, 25, day, resolution
        )
