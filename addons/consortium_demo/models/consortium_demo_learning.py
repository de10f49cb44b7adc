from datetime import datetime, time

from odoo import Command, fields, models
from odoo.tools import remove_accents

from .consortium_demo_practice import HORIZONS


class ConsortiumDemo(models.AbstractModel):
    """Mentoring and training, around the day on which the demonstration is loaded."""

    _inherit = "consortium.demo"  # pylint: disable=consider-merging-classes-inherited

    def _load_learning(self):
        there = self._as_coordinator()
        there._make_mentoring()
        there._make_trainings()

    def _make_mentoring(self):
        """One pair at work, one to come, one that has ended."""
        order = self._on_paper("Mentorat de la relève", 75, {"MEN": 30})
        task = order.order_line.task_id
        mentors = self._people_by_field()["MEN"]
        field = self._expertise("MEN")
        people = self.env["res.partner"].create(
            [
                {
                    "name": "Josiane Beaulieu",
                    "function": "Directrice adjointe",
                },
                {"name": "Mathis Roy", "function": "Responsable des opérations"},
                {"name": "Anne-Sophie Gendron", "function": "Directrice générale"},
            ]
        )
        periods = [(70, None), (-14, None), (700, 400)]
        pairs = self.env["consortium.mentoring"].create(
            [
                {
                    "mentor_id": employee,
                    "mentee_id": person.id,
                    "partner_id": self._member(HORIZONS).id,
                    "expertise_id": field.id,
                    "task_id": task.id,
                    "date_start": self._days_ago(first),
                    "date_end": last and self._days_ago(last),
                    "objectives": "Prendre sa place auprès du conseil; déléguer.",
                }
                for person, employee, (first, last) in zip(
                    people, mentors, periods, strict=True
                )
            ]
        )
        meetings = self.env["consortium.mentoring.meeting"].create(
            [
                {
                    "mentoring_id": pairs[0].id,
                    "date": self._days_ago(days),
                    "minutes": minutes,
                    "is_remote": days != 60,
                    "summary": summary,
                }
                for days, minutes, summary in (
                    (60, 90, "Se connaître; ce qui presse."),
                    (39, 60, "Préparer une réunion du conseil."),
                    (18, 75, "Déléguer sans disparaître."),
                    (-3, 60, "Premier bilan."),
                )
            ]
        )
        today = self.env.company._today()
        meetings.filtered(lambda meeting: meeting.date < today).action_hold()

    def _make_trainings(self):
        """Two to come, with who is registered; one held, whose hours are to enter."""
        network = self._member("gov_org_federation")
        order = self._on_paper(
            "Formations du réseau", 60, {"FOR": 40}, network, signed_by="Sur papier"
        )
        events = self.env["event.event"].create(
            [
                self._training(name, day, hours, order, description)
                for name, day, hours, description in (
                    (
                        "Lire des états financiers quand on est administrateur",
                        21,
                        3,
                        "Comprendre le bilan, les résultats et la réserve d'une "
                        "coopérative. Apportez vos derniers états financiers.",
                    ),
                    (
                        "Renseignements personnels : vos obligations, pas à pas",
                        40,
                        2,
                        "À distance : responsable, registre des incidents, "
                        "consentement.",
                    ),
                    ("Présider une assemblée", -10, 3, "Procédure, votes, imprévus."),
                )
            ]
        )
        events[1].address_id = False
        horizons = self._member(HORIZONS)
        for event, organization, people in (
            (events[0], horizons, ("Éric Thériault", "Josiane Beaulieu")),
            (events[0], network, ("Yves Lambert",)),
            (events[1], network, ("Marie-Ève Dionne", "Karim Haddad")),
        ):
            event._register_from_portal(organization, self._addresses(people))
        self.env["event.registration"].create(
            [
                {
                    "event_id": events[2].id,
                    "partner_id": network.id,
                    "name": name,
                    "email": mail,
                    "state": "done",
                }
                for name, mail in self._addresses(("Yves Lambert", "Karim Haddad"))
            ]
        )

    def _addresses(self, people):
        """``[(name, e-mail address)]``."""
        return [
            (name, f"{remove_accents(name.lower()).replace(' ', '.')}@exemple.test")
            for name in people
        ]

    def _training(self, name, day, hours, order, description):
        date = self._days_ago(-day)
        # Nobody is trained at the week end.
        date = fields.Date.subtract(date, days=max(date.weekday() - 4, 0))
        begins = datetime.combine(date, time(17))
        return {
            "name": name,
            "is_training": True,
            "expertise_id": self._expertise("FOR").id,
            "trainer_ids": [Command.set(self._people_by_field()["FOR"][:1])],
            "task_id": order.order_line.task_id.id,
            "date_begin": begins,
            "date_end": fields.Datetime.add(begins, hours=hours),
            "date_tz": "America/Toronto",
            "user_id": self.env.uid,
            # Nobody is written to.
            "event_mail_ids": [Command.clear()],
            "seats_limited": True,
            "seats_max": 20,
            "description": f"<p>{description}</p>",
        }
