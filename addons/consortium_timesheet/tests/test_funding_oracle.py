"""What a funder pays, to the cent: by the worked example, and whatever the case."""

from hypothesis import given
from hypothesis import strategies as st
from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import BaseCase, tagged

from ..tools.funding import claim as arithmetic
from .common_funding import Funding
from .common_true_up import TrueUpCommon
from .oracle import ORACLE

GRANT = ORACLE["grant_G1"]
CAPS = {"LEG": 12_000, "FIN": 11_000}
CENTS = st.integers(0, 10**8)


@st.composite
def reports(draw):
    """An envelope, and the reports of its years in the order of their approval."""
    centres = ("E1", "E2", "E3")
    caps = draw(st.dictionaries(st.sampled_from(centres), st.integers(1, 30_000)))
    cells = st.tuples(
        st.just("A#1"),
        st.sampled_from(centres),
        st.integers(-10_000, 100_000),
        st.integers(-(10**6), 10**8),
        CENTS,
    )
    years = st.tuples(st.integers(2018, 2020), st.lists(cells, max_size=5))
    return draw(st.integers(1, 10**9)), caps, draw(st.lists(years, max_size=6))


@tagged("post_install", "-at_install")
class TestFundingArithmetic(BaseCase):
    @given(reports())
    def test_to_the_cent_and_never_more_than_the_envelope(self, case):
        envelope, caps, years = case
        claimed: dict = {}
        for year, cells in years:
            result = arithmetic(
                {
                    "cells": cells,
                    "caps": caps,
                    "envelope": envelope,
                    "others": sum(v for y, v in claimed.items() if y != year),
                    "earlier": claimed.get(year, 0),
                }
            )
            claimed[year] = claimed.get(year, 0) + result["funder"]
            self.assertLessEqual(sum(claimed.values()), envelope)
            self.assertEqual(claimed[year], result["year"])
            cost = sum(cell[3] for cell in cells)
            self.assertEqual(result["cost"], cost)
            self.assertEqual(result["year"] + result["gap"], cost)
            self.assertLessEqual(result["year"], result["eligible"])
            for centre, row in result["centres"].items():
                if centre not in caps:
                    self.assertEqual(row["eligible"], row["cost"])
                elif row["minutes"] >= 0:
                    self.assertLessEqual(row["eligible"], row["cost"])

    def test_time_taken_back(self):
        """Of an hour paid 120 $, no more than 120 $ is given back."""
        result = arithmetic(
            {
                "cells": [["A#1", "LEG", -60, -12_443, 0]],
                "caps": {"LEG": 12_000},
                "envelope": 100,
                "others": 0,
                "earlier": 0,
            }
        )
        self.assertEqual((result["funder"], result["gap"]), (-12_000, -443))


@tagged("post_install", "-at_install")
class TestFundingOracle(Funding, TrueUpCommon):
    """The worked example, from journal entries to the accountability report."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_funder()
        cls.bill_all()
        cls.grant = cls.agreements["G1"][0]
        cls.envelope = cls.funding(cls.grant, CAPS, gap_source=cls.source)

    def test_oracle(self):
        funding = self.envelope
        self.assertEqual(
            round(funding.billed * 100),
            sum(
                cents
                for cell, cents in ORACLE["billed_cost"].items()
                if cell.startswith("G1|")
            ),
        )
        self.assertEqual(round(funding.remaining * 100), 24_000_000 - 24_262_920)
        run = self.final()
        run.action_true_up()
        run.action_approve_true_up()
        mine = self.env["consortium.funding.claim"].with_user(self.role("accountant"))
        claim = mine.create({"funding_id": funding.id, "run_id": run.id})
        claim.action_compute()
        self.assertEqual(self.lines(claim, "cost_cents"), GRANT["cost"])
        self.assertEqual(self.lines(claim, "eligible_cents"), GRANT["eligible"])
        self.assertEqual(self.lines(claim, "minutes"), {"LEG": 60_912, "FIN": 65_986})
        self.assertEqual(self.lines(claim, "cap_cents"), CAPS)
        self.assertFalse(claim.double_funding)
        claim.action_approve()
        self.assertEqual(
            [
                claim.eligible_cents,
                claim.funder_cents,
                claim.gap_cents,
                claim.reserve_cents,
                claim.gap_to_fund_cents,
            ],
            [
                sum(GRANT["eligible"].values()),
                GRANT["funder"],
                GRANT["gap_on_cost"],
                GRANT["reserve"],
                GRANT["gap_to_fund"],
            ],
        )
        self.assertEqual((claim.funder, claim.gap_to_fund), (240_000, 10_670.87))
        self.assertEqual(claim.gap_source, self.source)
        self.assertEqual(funding.claimed, 240_000)
        self.assertEqual(claim.hash, claim._replay())
        self.assertTrue(claim.action_verify())

    def test_time_outside_the_dates(self):
        """It is named, for a year's cost is not cut by date."""
        run = self.final()
        run.action_true_up()
        run.action_approve_true_up()
        lines = self.env["account.analytic.line"]
        first = lines.search([("order_id", "=", self.grant.id)], order="date").mapped(
            "date"
        )[0]
        self.envelope.date_start = fields.Date.add(first, days=1)
        with self.assertRaisesRegex(
            UserError, f"{self.grant.name} has 24:00 h .* from {first} to {first}"
        ):
            self.report(self.envelope, run)
        self.envelope.date_start = first
        self.assertEqual(self.report(self.envelope, run).state, "approved")
