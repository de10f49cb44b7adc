"""What the tests share: an agreement whose field is of a cost center with a rate."""

from odoo import Command
from odoo.addons.consortium_services.tests.agreement_common import AgreementCommon


class AtCostAgreementCommon(AgreementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "lang": "en_US"})
        cls.rates_resolution = cls.resolution(kind="rates", date=cls.day(-400))
        cls.legal_center, cls.money_center = cls.env["consortium.cost.center"].create(
            [
                {"code": "TLEG", "name": "Services juridiques T"},
                {"code": "TFIN", "name": "Finances T"},
            ]
        )
        cls.rate(cls.legal_center, 12_200, cls.day(-365))
        cls.rate(cls.money_center, 10_800, cls.day(-365))
        cls.law.cost_center_id = cls.legal_center
        cls.finance.cost_center_id = cls.money_center
        cls.team(cls.legal_center, 3)
        cls.team(cls.money_center, 2)

    @classmethod
    def rate(cls, center, cents, start):
        rate = cls.env["consortium.hourly.rate"].create(
            {
                "cost_center_id": center.id,
                "date_start": start,
                "rate_cents": cents,
                "resolution_id": cls.rates_resolution.id,
            }
        )
        rate.action_approve()
        return rate

    @classmethod
    def team(cls, center, count):
        employees = cls.env["hr.employee"].create(
            [{"name": f"{center.code} {i}"} for i in range(count)]
        )
        cls.env["consortium.cost.assignment"].create(
            [
                {
                    "employee_id": employee.id,
                    "cost_center_id": center.id,
                    "date_start": cls.day(-365),
                }
                for employee in employees
            ]
        )
        return employees

    @classmethod
    def approve(cls, lines):
        lines.with_user(cls.expert_user).action_submit()
        lines.with_user(cls.coordinator).action_approve()
        return lines

    @classmethod
    def year_so_far(cls, *cells, centers=None):
        """A run that follows the year, as it was computed.

        :param cells: ``(order, center, minutes, cents of cost, cents charged)``
        :param centers: ``{center: (minutes, cents in all, cents of support)}``
        """
        # The example of the method: 124.43 $ = 96.88 direct + 27.55 support.
        centers = centers or {cls.legal_center: (192_000, 39_816_327, 8_816_327)}
        run = cls.env["consortium.rate.run"].create(
            {
                "kind": "final",
                "is_running": True,
                "date_from": cls.day(-60),
                "date_to": cls.today,
                "center_ids": [
                    Command.create(
                        {
                            "cost_center_id": center.id,
                            "minutes": minutes,
                            "total": total / 100,
                            "support": support / 100,
                            "rate_cents": round(total * 60 / minutes),
                        }
                    )
                    for center, (minutes, total, support) in centers.items()
                ],
                "cell_ids": [
                    Command.create(
                        {
                            "order_id": order.id,
                            "cost_center_id": center.id,
                            "minutes": minutes,
                            "cost": cost / 100,
                            "provisional": charged / 100,
                        }
                    )
                    for order, center, minutes, cost, charged in cells
                ],
            }
        )
        run._write_run({"state": "computed"})
        return run
