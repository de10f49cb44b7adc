from odoo import Command, models

TEXTS = {
    "president_text": "<p>Chers membres,</p>"
    "<p>Vingt et une organisations se sont jointes à nous cette année, une seule nous "
    "a quittés : nous sommes maintenant cinquante-six. Il y a trois ans, nous étions "
    "vingt. Nos fédérations fondatrices voulaient mettre en commun ce qu'aucune ne "
    "pouvait s'offrir seule; cette idée appartient désormais à des coopératives, à des "
    "mutuelles et à des organismes de presque toutes les régions du Québec, et de "
    "trois autres provinces.</p>"
    "<p>Partager des professionnels, c'est faire profiter chacun de ce que tous "
    "apprennent. Les membres qui n'étaient pas là à la fondation comptent maintenant "
    "pour 12,3 % de nos revenus de services, contre 9,8 % en 2015-2016 : la porte est "
    "restée ouverte.</p>"
    "<p>Le conseil a suivi de près deux questions : le juste coût, dont les tarifs "
    "provisoires sont comparés chaque mois au coût réel, et la réserve, que "
    "l'assemblée a choisi de constituer pour que la coopérative traverse une mauvaise "
    "année sans renvoyer personne. L'excédent de cette année nous en rapproche.</p>"
    "<p>Je remercie les administratrices et les administrateurs pour leur assiduité, "
    "l'équipe pour la qualité de son travail, et vous, membres, pour votre "
    "confiance.</p>",
    "management_text": "<p>L'équipe a rendu 63 800 heures de services, 5 % de plus que "
    "l'an dernier, le plus souvent à distance, dans le cadre de près de 250 ententes. "
    "Cinquante personnes y ont travaillé, à Québec et à Montréal.</p>"
    "<p>Quatre champs d'expertise se sont ajoutés, parce que des membres les "
    "demandaient : développement organisationnel, gestion intégrée de la qualité, "
    "audit informatique et captation vidéo. Ils comptent déjà pour une part visible "
    "des heures rendues.</p>"
    "<p>À la fin de chaque mandat, nous posons trois questions. Dans 96 % des "
    "réponses, c'est trois fois oui : le membre nous recommanderait, il a obtenu les "
    "résultats attendus, il entend continuer. Les six autres réponses ont été lues une "
    "à une avec les personnes en cause.</p>"
    "<p>L'an prochain, les nouvelles ententes demanderont d'embaucher. Nous le ferons "
    "au rythme des demandes, comme toujours : ici, une heure inutile coûte à tous.</p>",
}
OBJECTIVES = (
    (
        "Accueillir quinze nouveaux membres",
        "Vingt et un membres accueillis.",
        "reached",
    ),
    (
        "Ouvrir de nouveaux champs d'expertise",
        "Quatre champs ouverts à l'automne.",
        "reached",
    ),
    ("Mesurer la satisfaction après chaque mandat", "150 réponses.", "reached"),
)
ACTIONS = (
    (
        "2018-10-02",
        "Rencontre des directions de fédérations",
        "networks",
        "meeting",
        14,
    ),
    ("2018-11-20", "Journée des membres à Québec", "members", "event", 85),
    (
        "2019-01-22",
        "Présentation aux organismes du Bas-Saint-Laurent",
        "organizations",
        "presentation",
        32,
    ),
    (
        "2019-02-12",
        "Rencontre avec le ministère de l'Économie",
        "government",
        "meeting",
        6,
    ),
)

# First and last days of the terms of the board of the year.
BOARD = ("2017-10-19", "2019-10-17")


class ConsortiumDemo(models.AbstractModel):
    """The actual cost of the year, the rates of the next one, and the annual report,
    computed and to review."""

    _inherit = "consortium.demo"  # pylint: disable=consider-merging-classes-inherited

    def _load_board(self):
        """The people of today's board sat on it in those years, too."""
        offices = self.env["consortium.office"]
        current = offices.search(
            [("company_id", "=", self.env.company.id), ("date_start", ">", BOARD[1])]
        )
        people = {}
        for office in current:
            people.setdefault((office.person_id, office.role), office)
        presidents = [key for key in people if key[1] == "president"]
        for key in presidents[1:]:
            del people[key]
        offices.create(
            [
                {
                    "person_id": office.person_id.id,
                    "role": office.role,
                    "organization_id": office.organization_id.id,
                    "seat_group_id": office.seat_group_id.id,
                    "date_start": BOARD[0],
                    "date_end": BOARD[1],
                }
                for office in people.values()
            ]
        )

    def _run(self, kind, date_from):
        return self.env["consortium.rate.run"].create(
            {"kind": kind, "date_from": date_from}
        )

    def _load_final_run(self):
        run = self._run("final", "2018-07-01")
        run.action_compute()
        self._remember("final_run_2018", run)

    def _load_target_run(self):
        """The provisional rates of the next year, from its budget: for the board."""
        run = self._run("target", "2019-07-01")
        run.action_fill_from_budget()
        run.action_compute()
        self._remember("target_run_2019", run)

    def _load_report(self):
        self.env["consortium.development.action"].create(
            [
                {
                    "date": date,
                    "name": name,
                    "audience": audience,
                    "kind": kind,
                    "attendance": attendance,
                }
                for date, name, audience, kind, attendance in ACTIONS
            ]
        )
        report = self.env["consortium.annual.report"].create(
            {
                "date_from": "2018-07-01",
                "date_to": "2019-06-30",
                "meeting_date": "2019-10-17",
                "auditor_name": "Lavigne Comptables professionnels agréés inc.",
                **TEXTS,
                "objective_ids": [
                    Command.create({"name": name, "result": result, "state": state})
                    for name, result, state in OBJECTIVES
                ],
            }
        )
        self._remember("annual_report_2018", report)
        report.action_compute()
        # What the night fills: the calendar of the law.
        self.env["consortium.statutory.deadline"]._generate(self.env.company)
