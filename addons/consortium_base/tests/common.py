from dateutil.relativedelta import relativedelta
from odoo.addons.base.tests.common import BaseCommon


class GovernanceCommon(BaseCommon):
    """Two organisations, a person, and short ways to make mandates and users."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.env.company._today()
        partners = cls.env["res.partner"]
        cls.organization_a, cls.organization_b = partners.create(
            [
                {"name": "Coopérative Alizé", "is_company": True},
                {"name": "Mutuelle Boréale", "is_company": True},
            ]
        )
        cls.person = partners.create(
            {"name": "Aline Tremblay", "email": "aline@alize.example"}
        )

    @classmethod
    def day(cls, days):
        """The date so many days from today."""
        return cls.today + relativedelta(days=days)

    @classmethod
    def mandate(cls, person=None, organization=None, **values):
        """A mandate to request services, in force since a month, but for ``values``."""
        return cls.env["consortium.representation"].create(
            {
                "person_id": (person or cls.person).id,
                "organization_id": (organization or cls.organization_a).id,
                "date_start": cls.day(-30),
                **values,
            }
        )

    @classmethod
    def user_of(cls, person):
        """The user of a person, active or not."""
        return person.with_context(active_test=False).user_ids

    @classmethod
    def employee(cls, group):
        """A user with one group of the addon, by the end of its name."""
        return cls.env["res.users"].create(
            {
                "name": f"Employé {group}",
                "login": f"employee_{group}",
                "email": f"{group}@coop.example",
                "group_ids": [(4, cls.env.ref(f"consortium_base.group_{group}").id)],
            }
        )

    @classmethod
    def portal_user(cls, login, partner):
        """A portal user made by hand, as an administrator can; password = login."""
        return cls.env["res.users"].create(
            {
                "login": login,
                "password": login,
                "partner_id": partner.id,
                "group_ids": [(6, 0, cls.env.ref("base.group_portal").ids)],
            }
        )

    @classmethod
    def resolution(cls, decide=True, **values):
        """A unanimous resolution of the board, decided unless said otherwise."""
        resolution = cls.env["consortium.resolution"].create(
            {"subject": "Objet", "unanimous": True, "date": cls.today, **values}
        )
        if decide:
            resolution.action_decide()
        return resolution
