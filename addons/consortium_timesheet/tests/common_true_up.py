"""The worked example to its end: the hours billed, the final run, its true-up."""

from odoo import Command

from .common_run import RunCommon


class TrueUpCommon(RunCommon):
    target_run = None

    @classmethod
    def setUpClass(cls):
        cls.target_run = None
        super().setUpClass()
        cls.settlement = cls.env["consortium.resolution"].create(
            {
                "subject": "Régularisation 2018-2019",
                "kind": "settlement",
                "date": "2019-09-15",
                "unanimous": True,
                "company_id": cls.company.id,
            }
        )
        cls.settlement.action_decide()
        cls.hours()
        cls.orders = cls.env["sale.order"].union(
            *(order for order, *_rest in cls.agreements.values())
        )
        misc = cls.company_data["default_journal_misc"]
        payable = cls.company_data["default_account_payable"]
        cls.company.write(
            {
                "true_up_journal_id": misc.id,
                "true_up_payable_account_id": payable.copy(
                    {"account_type": "liability_current", "reconcile": False}
                ).id,
                "true_up_receivable_account_id": payable.copy(
                    {"account_type": "asset_current", "reconcile": False}
                ).id,
            }
        )

    @classmethod
    def rate(cls, code, cents, start, **values):
        """The rates of the set-up are those of one target, with its reserve."""
        if not cls.target_run:
            cls.target_run = cls.target(reserve_percent=2)
            cls.target_run.action_compute()
            cls.target_run._write_run(
                {"state": "approved", "hash": "x", "approved_on": "2018-06-01 12:00:00"}
            )
        return super().rate(code, cents, start, run_id=cls.target_run.id, **values)

    @classmethod
    def bill_all(cls, orders=None):
        """Two invoices an agreement, posted: the first months, then the rest."""
        for end in ("2018-10-31", "2019-06-30"):
            context = {"active_model": "sale.order"}
            wizard = (
                cls.env["sale.advance.payment.inv"]
                .with_context(**context, active_ids=(orders or cls.orders).ids)
                .create(
                    {
                        "advance_payment_method": "delivered",
                        "date_end_invoice_timesheet": end,
                    }
                )
            )
            before = cls.orders.invoice_ids
            wizard.create_invoices()
            moves = cls.orders.invoice_ids - before
            moves.invoice_date = end
            moves.action_post()

    @classmethod
    def final(cls, approve=True, **values):
        run = cls.new_run(
            reserve_percent=2,
            reserve_resolution_id=cls.reserve_resolution.id,
            settlement_resolution_id=cls.settlement.id,
            **values,
        )
        run.action_compute()
        if approve:
            run.action_approve()
        return run

    @classmethod
    def names(cls):
        return {order[0]: name for name, order in cls.agreements.items()}

    def by_cell(self, run, field):
        names = self.names()
        return {
            (names[row.order_id], row.cost_center_id.code): row[field]
            for row in run.true_up_ids
        }

    def by_name(self, moves):
        """``{agreement: signed amount in cents}`` of invoices and credit notes."""
        names = {order.name: name for order, name in self.names().items()}
        return {
            names[move.invoice_origin]: round(move.amount_untaxed_signed * 100)
            for move in moves
        }

    @classmethod
    def carried_run(cls, **values):
        """The cost of the year after: one more cost, one more hour."""
        return cls.env["consortium.rate.run"].create(
            {
                "kind": "target",
                "company_id": cls.company.id,
                "date_from": "2019-07-01",
                "center_ids": [
                    Command.create(
                        {
                            "cost_center_id": cls.center[code].id,
                            "cost": 100_000,
                            "planned_hours": 1_000,
                        }
                    )
                    for code in ("LEG", "FIN", "COM")
                ],
                **values,
            }
        )
