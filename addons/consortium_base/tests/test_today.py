from datetime import date, datetime

from odoo.tests import TransactionCase, freeze_time, tagged


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23 01:30:00")
class TestToday(TransactionCase):
    """An evening in Québec is the next day elsewhere: dates are those of the company,
    also for whoever has no time zone, or another one."""

    def test_company(self):
        company = self.env.company
        company.partner_id.tz = False
        for timezone in (False, "UTC", "Asia/Tokyo"):
            there = company.with_context(tz=timezone)
            self.assertEqual(there._today(), date(2026, 11, 22))
            self.assertEqual(
                there._today(datetime(2026, 7, 1, 3, 59)), date(2026, 6, 30)
            )
        company.partner_id.tz = "Europe/Paris"
        self.assertEqual(company._today(), date(2026, 11, 23))

    def test_dates_proposed(self):
        """Whatever a form of ours proposes as its date."""
        self.env.company.partner_id.tz = False
        proposed = {}
        for name, model in self.env["base"].with_context(tz="UTC").env.items():
            if not name.startswith("consortium.") or model._abstract:
                continue
            dates = [
                field.name
                for field in model._fields.values()
                if field.type == "date" and field.default
            ]
            for field, value in model.default_get(dates).items():
                if field in dates:
                    proposed[f"{name}.{field}"] = str(value)
        self.assertIn("consortium.resolution.date", proposed)
        late = [key for key, day in proposed.items() if day == "2026-11-23"]
        self.assertEqual(late, [])
