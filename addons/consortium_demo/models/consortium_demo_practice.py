import base64

from odoo import Command, fields, models

from ..tools.schedule import spread, working_days

HORIZONS = "gov_org_horizons"


class ConsortiumDemo(models.AbstractModel):
    """What runs now, around the day on which the demonstration is loaded: agreements to
    sign, amend, consent to and answer about. The years told before are not
    touched: hours wait for approval, and nothing is invoiced."""

    _inherit = "consortium.demo"  # pylint: disable=consider-merging-classes-inherited

    def _load_achievements(self):
        """What remains of the mandates of 2018-2019."""
        tags = self.env["consortium.achievement.tag"]
        known = {}
        for row in self._rows("achievements"):
            order = self._named(f"agreement_{row['agreement']}")
            for name in row["tags"].split(";"):
                known.setdefault(name, known.get(name) or tags.create({"name": name}))
            self.env["consortium.achievement"].create(
                {
                    "name": row["title"],
                    "summary": f"<p>{row['summary']}</p>",
                    "date": order.agreement_end,
                    "expertise_id": self._expertise(row["field"]).id,
                    "tag_ids": [
                        Command.link(known[name].id) for name in row["tags"].split(";")
                    ],
                    "is_shareable": bool(row["shareable"]),
                    "is_anonymised": bool(row["anonymised"]),
                    "agreement_id": order.id,
                    "author_id": self._user(row["author"]).id,
                }
            )

    def _load_running(self):
        """The representative of Horizons finds one thing of each kind to do."""
        there = self._as_coordinator()
        there._to_sign()
        there._to_countersign()
        there._amended()
        there._near_its_ceiling()
        there._closed_lately()

    def _as_coordinator(self):
        """Who writes to the members, and whose name is under it."""
        return self.with_user(self._user("coordinator")).sudo()

    def _user(self, name):
        return self.env.ref(f"consortium_base.demo_user_{name}")

    def _days_ago(self, days):
        return fields.Date.subtract(self.env.company._today(), days=days)

    def _proposal(self, title, planned, **values):
        """An agreement that the coordinator writes to Horizons.

        :param planned: ``[(code of the field, hours, why it is an option, or False)]``
        """
        today = self.env.company._today()
        order = self.env["sale.order"].create(
            {
                "is_service_agreement": True,
                "agreement_type": "service",
                "agreement_title": title,
                "partner_id": self._member(HORIZONS).id,
                "user_id": self._user("coordinator").id,
                "agreement_start": today,
                "agreement_end": fields.Date.add(today, months=8),
                "agreement_renewal": "request",
                **values,
                "order_line": [
                    Command.create(
                        {
                            "expertise_id": self._expertise(code).id,
                            "planned_minutes": 60 * hours,
                            "is_agreement_option": bool(option),
                            "name": option or self._expertise(code).name,
                            "price_unit": self._rate_of("2018", code),
                            "expert_id": self._people_by_field()[code][0],
                        }
                    )
                    for code, hours, option in planned
                ],
            }
        )
        order.action_propose()
        return order

    def _to_sign(self):
        self._proposal(
            "Fusion avec une coopérative voisine",
            [
                ("JUR", 45, False),
                ("FIN", 30, False),
                ("DOR", 15, "Une fusion demande de revoir les rôles de chacun."),
            ],
            agreement_scope="<p>Préparer la fusion : convention, règlements, "
            "assemblées des membres des deux coopératives.</p>",
            agreement_deliverables="<ul><li>Convention de fusion</li>"
            "<li>Règlements de la coopérative issue de la fusion</li>"
            "<li>Avis et procès-verbaux des assemblées</li></ul>",
        )

    def _to_countersign(self):
        """The member has taken the option and signed."""
        order = self._proposal(
            "Refonte du site et de l'intranet",
            [
                ("WEB", 60, False),
                ("GRA", 15, "Le site sera plus clair avec une image revue."),
            ],
            agreement_scope="<p>Un site qui se lit sur un téléphone, et un intranet "
            "pour les membres du conseil.</p>",
        )
        option = order.order_line.filtered("is_agreement_option")
        option._choose_option(True)
        self._sign(order)

    def _sign(self, order, version=None):
        """As Chantal Lemieux, who has a mandate to sign for Horizons."""
        user = self._user("member")
        digest = version.content_sha256 if version else order._content_digest()
        order.with_user(user)._sign_as_member(user.name, digest, version)

    def _on_paper(self, title, days, planned, partner=None, **values):
        """An agreement signed so many days ago, on paper.

        :param planned: ``{code of the field: hours}``
        """
        signed = self._days_ago(days)
        data = {
            "name": "",
            "partner_id": (partner or self._member(HORIZONS)).id,
            "agreement_type": "service",
            "agreement_title": title,
            "agreement_start": signed,
            "agreement_end": fields.Date.add(signed, months=9),
            "ceiling_minutes": 60 * sum(planned.values()),
            "planned": [
                (self._expertise(code).id, 60 * hours)
                for code, hours in planned.items()
            ],
            "spent": [],
            "signed_on": f"{signed} 18:00:00",
            "signed_by": "Chantal Lemieux",
            **values,
        }
        imports = self.env["consortium.agreement.import"].create(
            {"name": title, "user_id": self._user("coordinator").id}
        )
        order = imports._make_agreement(data)
        for line in order.order_line:
            code = line.expertise_id.code
            line.price_unit = self._rate_of("2018", code)
            line.expert_id = self._people_by_field()[code][0]
        return order

    def _work(self, order, spent):
        """Enter hours of fields, on the working days until yesterday.

        :param spent: ``{code of the field: hours}``
        """
        days = working_days(order.agreement_start, self._days_ago(1))
        for code, hours in spent.items():
            line = order.order_line.filtered(
                lambda line, code=code: line.expertise_id.code == code
            )
            people = line.expert_id.ids
            self.env["account.analytic.line"].create(
                [
                    {
                        "name": line.task_id.name,
                        "project_id": order.project_id.id,
                        "task_id": line.task_id.id,
                        "employee_id": employee,
                        "date": day,
                        "minutes": minutes,
                        "unit_amount": minutes / 60,
                    }
                    for employee, day, minutes in spread(60 * hours, days, people, {})
                ]
            )

    def _amended(self):
        """Signed again once, by both sides; a second amendment waits for the member."""
        order = self._on_paper(
            "Accueil de la nouvelle direction", 90, {"GRH": 40, "DOR": 20}
        )
        self._work(order, {"GRH": 21, "DOR": 9})
        first = self._amendment(
            order,
            "Le contrat de la nouvelle direction est à rédiger.",
            ceiling_minutes=68 * 60,
            line_ids=[
                Command.create(
                    {"expertise_id": self._expertise("JUR").id, "planned_minutes": 480}
                )
            ],
        )
        self._sign(order, first)
        order.with_user(self._user("manager")).action_countersign()
        self._amendment(
            order,
            "La nouvelle direction arrive trois mois plus tard que prévu.",
            agreement_end=fields.Date.add(order.agreement_end, months=3),
        )

    def _amendment(self, order, reason, line_ids=(), **values):
        version = self.env["consortium.agreement.version"].create(
            {"order_id": order.id, "reason": reason}
        )
        version.write({**values, "line_ids": list(line_ids)})
        version.action_propose()
        return version

    def _near_its_ceiling(self):
        """The member consented to ten hours more, and is asked for others."""
        order = self._on_paper("Soutien à la comptabilité", 120, {"FIN": 80, "TIC": 10})
        self._work(order, {"FIN": 79, "TIC": 9})
        consents = self.env["consortium.agreement.consent"]
        given = consents.create(
            {
                "order_id": order.id,
                "minutes": 600,
                "reason": "L'auditeur a demandé un second inventaire.",
            }
        )
        given.with_user(self._user("member"))._answer(True)
        self._work(order, {"FIN": 10})
        consents.create(
            {
                "order_id": order.id,
                "minutes": 900,
                "reason": "Former la personne qui prend la relève aux paies.",
            }
        )

    def _closed_lately(self):
        """With what the member received, and what may serve again; it is asked what it
        thinks."""
        order = self._on_paper("Politique salariale", 150, {"GRH": 35})
        self._work(order, {"GRH": 33})
        deliverable = self.env["ir.attachment"].create(
            {
                "name": "Politique salariale.txt",
                "datas": base64.b64encode("Politique adoptée par le conseil.".encode()),
            }
        )
        human_resources = self._expertise("GRH")
        closing = self.env["consortium.agreement.close"].create(
            {
                "order_id": order.id,
                "note": "<p>La politique est adoptée; l'échelle entre en vigueur au "
                "prochain exercice. À revoir dans trois ans.</p>",
                "deliverable_ids": [Command.set(deliverable.ids)],
                "line_ids": [
                    Command.create(
                        {
                            "name": "Échelle salariale de moins de vingt personnes",
                            "expertise_id": human_resources.id,
                            "summary": "<p>Cinq catégories d'emploi, évaluées par "
                            "points; le chiffrier et la présentation au conseil.</p>",
                            "is_shareable": True,
                        }
                    )
                ],
            }
        )
        closing.action_close()
