"""What the tests of envelopes share: a funder, its envelope, years that cost."""

from odoo import Command

from .common_run import RunCommon


class Funding:
    """Mixin: an envelope and its reports, in short."""

    @classmethod
    def set_funder(cls):
        cls.funder = cls.env["res.partner"].create(
            {"name": "Ministère des Lacs", "is_company": True, "lang": "fr_CA"}
        )
        cls.source = "Fonds de développement"

    @classmethod
    def funding(cls, orders, caps=None, amount=240_000, **values):
        """An envelope of some orders; ``caps``: ``{center code: cents an hour}``."""
        return cls.env["consortium.funding"].create(
            {
                "name": "Soutien aux lacs",
                "reference": "CONV-2018-41",
                "funder_id": cls.funder.id,
                "company_id": cls.company.id,
                "date_start": "2018-07-01",
                "date_end": "2020-06-30",
                "amount": amount,
                "cap_ids": [
                    Command.create(
                        {"cost_center_id": cls.center[code].id, "rate_cents": cents}
                    )
                    for code, cents in (caps or {}).items()
                ],
                "order_ids": [Command.set(orders.ids)],
                **values,
            }
        )

    @classmethod
    def report(cls, funding, run, approve=True, **values):
        claim = cls.env["consortium.funding.claim"].create(
            {"funding_id": funding.id, "run_id": run.id, **values}
        )
        claim.action_compute()
        if approve:
            claim.action_approve()
        return claim

    def lines(self, claim, name):
        return {line.cost_center_id.code: line[name] for line in claim.line_ids}


class FundingCommon(Funding, RunCommon):
    """Years whose true-up is approved, made of their rows alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_funder()
        cls.other = cls.agreement("Bise")[0]

    @classmethod
    def year(cls, *rows, start="2018-07-01"):
        """A final run whose true-up is approved: ``(order, center code, minutes, cents
        of cost, cents of reserve)``, and ``True`` at a fixed price."""
        run = cls.env["consortium.rate.run"].create(
            {"kind": "final", "company_id": cls.company.id, "date_from": start}
        )
        cls.env["consortium.true.up"].create(
            [
                {
                    "run_id": run.id,
                    "company_id": cls.company.id,
                    "order_id": order.id,
                    "partner_id": order.partner_id.id,
                    "cost_center_id": cls.center[code].id,
                    "minutes": minutes,
                    "cost_cents": cost,
                    "difference_cents": cost,
                    "reserve_cents": reserve,
                    "reserve_difference_cents": reserve,
                    "is_fixed_price": bool(fixed),
                    "state": "approved",
                    "settlement": "settle",
                }
                for order, code, minutes, cost, reserve, *fixed in rows
            ]
        )
        run._write_run({"true_up_state": "approved"})
        return run
