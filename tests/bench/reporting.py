"""Figures of a year among 300 000 invoiced lines of twenty years, against the bare SQL
that adds up the same lines: operations with members, indicators of results.
"""

import time

YEAR = ("2018-07-01", "2019-06-30")
YEARS, LINES, PARTNERS = 20, 300_000, 2_000
GOAL = 3
SUM = """
    SELECT move.commercial_partner_id, move.invoice_date, SUM(line.balance)
      FROM account_move_line line
      JOIN account_move move ON move.id = line.move_id
     WHERE line.company_id = %s AND line.date BETWEEN %s AND %s
       AND line.parent_state = 'posted' AND line.display_type = 'product'
     GROUP BY 1, 2
"""


def measure(env):
    """Yield the rows of the table; see ``config/helpers/bench.py``."""
    populate(env)
    company = env.company
    operations = env["consortium.member.operations"]
    indicators = env["consortium.indicator"]
    bare = best(lambda: run(env, SUM, company.id, *YEAR))
    yield (
        "operations with members, a year",
        best(lambda: operations._figures(*YEAR, company)),
        "the sum by beneficiary and day",
        bare,
        GOAL,
    )
    codes = ["income", "expenses", "surplus", "surplus_share"]
    month = SUM.replace("move.invoice_date", "date_trunc('month', line.date)")
    by_month = month.replace("move.commercial_partner_id", "line.account_id").replace(
        "AND line.display_type = 'product'", ""
    )
    years = (YEAR, ("2017-07-01", "2018-06-30"))
    yield (
        "indicators of results, a year and the one before",
        best(lambda: indicators._values(codes, *YEAR)),
        "the two sums by account and month",
        best(lambda: [run(env, by_month, company.id, *year) for year in years]),
        GOAL,
    )


def run(env, query, *parameters):
    env.cr.execute(query, parameters)
    return env.cr.fetchall()


def best(function, times=3):
    """Seconds of the fastest run, after a first one that is not counted."""
    function()
    seconds = []
    for _each in range(times):
        start = time.perf_counter()
        function()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def populate(env):
    """Invoices of three lines, as posted: written by SQL, since only reading counts."""
    account = env["account.account"].search([("account_type", "=", "income")], limit=1)
    journal = env["account.journal"].search([("type", "=", "sale")], limit=1)
    partners = env["res.partner"].create(
        [
            {
                "name": f"Organisation {i}",
                "is_company": True,
                "operations_class": ("user", "none")[i % 2],
            }
            for i in range(PARTNERS)
        ]
    )
    env.flush_all()
    env.cr.execute(
        """
        WITH invoices AS (
            INSERT INTO account_move (
                name, date, invoice_date, state, move_type, journal_id, company_id,
                currency_id, partner_id, commercial_partner_id, auto_post)
            SELECT 'B/' || i, day, day, 'posted', 'out_invoice', %(journal)s,
                   %(company)s, %(currency)s, partner, partner, 'no'
              FROM (SELECT i, DATE '1999-07-01' + (i %% %(days)s) AS day,
                           (%(partners)s::int[])[1 + i %% %(number)s] AS partner
                      FROM generate_series(1, %(invoices)s) i) numbers
            RETURNING id, date, commercial_partner_id AS partner
        )
        INSERT INTO account_move_line (
            move_id, date, invoice_date, parent_state, display_type, account_id,
            company_id, company_currency_id, currency_id, partner_id, journal_id, name,
            balance, debit, credit, amount_currency)
        SELECT id, date, date, 'posted', 'product', %(account)s, %(company)s,
               %(currency)s, %(currency)s, partner, %(journal)s, 'Heures',
               -100.25, 0, 100.25, -100.25
          FROM invoices, generate_series(1, 3)
        """,
        {
            "journal": journal.id,
            "company": env.company.id,
            "currency": env.company.currency_id.id,
            "account": account.id,
            "partners": partners.ids,
            "number": PARTNERS,
            "days": YEARS * 365,
            "invoices": LINES // 3,
        },
    )
    env.cr.execute("ANALYZE account_move, account_move_line")
