from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import ServedCommon

ROLES = {
    "expert": "r",
    "coordinator": "crwu",
    "membership_officer": "crwu",
    "accountant": "r",
    "manager": "crwu",
    "auditor": "r",
}


@tagged("post_install", "-at_install")
class TestException(ServedCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.coordinator = cls.employee("coordinator")
        cls.manager = cls.employee("manager")

    def exception(self, **values):
        return (
            self.env["consortium.service.exception"]
            .with_user(self.coordinator)
            .create(
                {
                    "partner_id": self.stranger.id,
                    "date_start": self.today,
                    "date_end": self.day(30),
                    "reason": "Sinistre",
                    **values,
                }
            )
        )

    def test_only_the_manager_grants(self):
        exception = self.exception()
        with self.assertRaises(AccessError):
            exception.action_grant()
        self.assertEqual(exception.state, "draft")
        exception.with_user(self.manager).action_grant()
        self.assertEqual(exception.state, "granted")
        self.assertEqual(exception.granted_by_id, self.manager)
        self.assertTrue(exception.granted_on)

    def test_it_serves_when_granted_and_on_its_days(self):
        exception = self.exception()
        self.assertTrue(self.stranger._why_not_served(self.today))
        exception.with_user(self.manager).action_grant()
        self.assertEqual(self.stranger._why_not_served(self.today), "")
        self.assertEqual(self.stranger._why_not_served(self.day(30)), "")
        self.assertTrue(self.stranger._why_not_served(self.day(31)))
        self.assertTrue(self.stranger._why_not_served(self.day(-1)))
        request = self.request(self.stranger)
        self.assertFalse(request.member_category_id)

    def test_nobody_writes_the_grant_itself(self):
        for user in (self.coordinator, self.manager):
            with self.assertRaises(UserError):
                self.exception().with_user(user).write({"state": "granted"})
        made = self.exception(state="granted", granted_by_id=self.manager.id)
        self.assertEqual(made.state, "draft")
        self.assertFalse(made.granted_by_id)

    def test_what_was_granted_stays(self):
        exception = self.exception()
        exception.with_user(self.manager).action_grant()
        for values in (
            {"reason": "Autre"},
            {"partner_id": self.member.id},
            {"date_start": self.day(-3)},
            {"date_end": self.day(60)},
        ):
            with self.assertRaises(UserError):
                exception.write(values)
        with self.assertRaises(UserError):
            exception.unlink()
        exception.date_end = self.day(2)
        self.assertTrue(self.stranger._why_not_served(self.day(3)))

    def test_granted_twice_is_granted_once(self):
        exception = self.exception()
        exception.with_user(self.manager).action_grant()
        moment = exception.granted_on
        other = self.employee("auditor")
        other.group_ids |= self.env.ref("consortium_base.group_manager")
        exception.with_user(other).action_grant()
        self.assertEqual(exception.granted_by_id, self.manager)
        self.assertEqual(exception.granted_on, moment)

    def test_rights(self):
        letters = {"c": "create", "r": "read", "w": "write", "u": "unlink"}
        model = self.env["consortium.service.exception"]
        for role, expected in ROLES.items():
            user = new_test_user(
                self.env, f"matrix_{role}", groups=f"consortium_base.group_{role}"
            )
            allowed = "".join(
                letter
                for letter, operation in letters.items()
                if model.with_user(user).has_access(operation)
            )
            self.assertEqual(allowed, expected, role)
        portal = new_test_user(self.env, "matrix_portal", groups="base.group_portal")
        self.assertFalse(model.with_user(portal).has_access("read"))
