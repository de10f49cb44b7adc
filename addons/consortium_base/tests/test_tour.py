from odoo.tests import HttpCase, tagged

from .common import GovernanceCommon


@tagged("post_install", "-at_install")
class TestTour(GovernanceCommon, HttpCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_switch_on_a_phone(self):
        self.mandate()
        self.mandate(organization=self.organization_b, date_start=self.day(-2))
        user = self.user_of(self.person)
        user.password = user.login
        self.start_tour("/my", "consortium_base_switch", login=user.login)
