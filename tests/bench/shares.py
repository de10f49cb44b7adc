"""The share register and the holdings on a date, over 110 000 entries.

Against the same answer by one statement written by hand, in seconds: the register for
the rows of every lot that was ever held, the holdings for the sum of each holder. Both
answers are compared: they are the same, row by row.
"""

import time

ENTRIES, HOLDERS = 110_000, 11_000
GOAL = 1.5
TIMES = 5  # the best of them, so that the cache is warm for both
DATES = ("2010-06-30", "2019-06-30")

REGISTER = """
    SELECT h.complete_name, c.code, o.date, min(e.date), sum(e.quantity),
           min(e.unit_price), sum(e.paid_change) + coalesce(p.paid, 0),
           sum(e.quantity) * min(e.unit_price) - sum(e.paid_change)
               - coalesce(p.paid, 0),
           string_agg(e.date::text, ', ' ORDER BY e.date)
               FILTER (WHERE e.kind = 'redemption' AND undone.id IS NULL),
           p.repaid_on,
           string_agg(e.date::text, ', ' ORDER BY e.date)
               FILTER (WHERE e.kind = 'transfer' AND undone.id IS NULL),
           o.certificate_reference
      FROM consortium_share_entry e
      JOIN consortium_share_entry o ON o.id = coalesce(e.origin_entry_id, e.id)
      JOIN res_partner h ON h.id = e.partner_id
      JOIN consortium_share_class c ON c.id = e.share_class_id
      LEFT JOIN consortium_share_entry undone
        ON undone.reversed_entry_id = e.id AND undone.date <= %(date)s
      LEFT JOIN (SELECT a.partner_id, a.lot_id,
                        sum(a.amount) FILTER (WHERE a.kind = 'paid') AS paid,
                        string_agg(DISTINCT a.date::text, ', ')
                            FILTER (WHERE a.kind = 'repaid' AND a.amount > 0
                                          AND b.id IS NULL) AS repaid_on
                   FROM consortium_share_payment a
                   LEFT JOIN consortium_share_payment b
                     ON b.reverses_id = a.id AND b.date <= %(date)s
                  WHERE a.date <= %(date)s
                  GROUP BY a.partner_id, a.lot_id) p
        ON p.partner_id = e.partner_id AND p.lot_id = o.id
     WHERE e.company_id = %(company)s AND e.date <= %(date)s
     GROUP BY h.complete_name, e.partner_id, c.code, o.id, o.date,
              o.certificate_reference, p.paid, p.repaid_on
     ORDER BY h.complete_name, e.partner_id, o.date, min(e.id)
"""
HOLDINGS = """
    SELECT partner_id, share_class_id, sum(quantity)
      FROM consortium_share_entry
     WHERE company_id = %(company)s AND date <= %(date)s
     GROUP BY partner_id, share_class_id HAVING sum(quantity) <> 0
"""


def measure(env):
    """Yield the rows of the table; see ``config/helpers/bench.py``."""
    populate(env)
    company = env.company
    register, entries = env["consortium.share.register"], env["consortium.share.entry"]
    for date in DATES:
        yield (
            f"share register, {date}",
            *side_by_side(
                lambda date=date: register._register_on(date, company)["rows"],
                lambda date=date: by_hand(env, REGISTER, date),
            ),
        )
        yield (
            f"holdings, {date}",
            *side_by_side(
                lambda date=date: entries._holdings(date, company=company),
                lambda date=date: {
                    (partner, share_class): quantity
                    for partner, share_class, quantity in by_hand(env, HOLDINGS, date)
                },
            ),
        )


def side_by_side(ours, hand):
    """The rest of a row of the table: the best seconds of each, taken in turns so that
    what else the machine does weighs on both.

    :raise AssertionError: the two answers are not the same
    """
    assert ours() == hand()
    times = [(seconds(ours), seconds(hand)) for _each in range(TIMES)]
    measured, reference = map(min, zip(*times, strict=True))
    return measured, "SQL by hand", reference, GOAL


def by_hand(env, statement, date):
    env.cr.execute(statement, {"date": date, "company": env.company.id})
    return env.cr.fetchall()


def seconds(function):
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def populate(env):
    """11 000 holders: eight issues each over twenty years, and two redemptions."""
    share_class = env["consortium.share.class"].create(
        {"code": "BENCH", "name": "Banc d'essai", "holder": "anyone"}
    )
    operation = env["consortium.share.operation"].create(
        {
            "partner_id": env.user.partner_id.id,
            "share_class_id": share_class.id,
            "quantity": 1,
        }
    )
    env.flush_all()
    fixed = {
        "company": env.company.id,
        "class": share_class.id,
        "operation": operation.id,
        "holders": HOLDERS,
        "issues": ENTRIES // HOLDERS - 2,
    }
    env.cr.execute(
        """
        INSERT INTO res_partner (name, complete_name, active, type, autopost_bills)
        SELECT 'Banc ' || n, 'Banc ' || n, true, 'contact', 'ask'
          FROM generate_series(1, %(holders)s) n
        RETURNING id
        """,
        fixed,
    )
    fixed["partners"] = [row[0] for row in env.cr.fetchall()]
    env.cr.execute(
        """
        INSERT INTO consortium_share_entry
            (operation_id, company_id, partner_id, share_class_id, quantity, unit_price,
             date, recorded_at, kind, paid_change, cancelled, redeemable)
        SELECT %(operation)s, %(company)s, partner, %(class)s, 5, 10,
               DATE '1999-07-01' + 800 * n + partner %% 365, now(), 'issue', 50, 0, 0
          FROM unnest(%(partners)s) partner, generate_series(0, %(issues)s - 1) n
         ORDER BY partner, n
        """,
        fixed,
    )
    # The trigger looks for each lot: without figures it would read the whole table.
    env.cr.execute("ANALYZE consortium_share_entry, res_partner")
    env.cr.execute(
        """
        INSERT INTO consortium_share_entry
            (operation_id, company_id, partner_id, share_class_id, quantity, unit_price,
             date, recorded_at, kind, paid_change, cancelled, redeemable,
             origin_entry_id)
        SELECT %(operation)s, %(company)s, partner_id, %(class)s, -2, 10,
               DATE '2017-01-01' + 60 * n + partner_id %% 60, now(), 'redemption', -20,
               0, 20, first
          FROM (SELECT partner_id, min(id) AS first FROM consortium_share_entry
                 WHERE share_class_id = %(class)s GROUP BY partner_id) lots,
               generate_series(0, 1) n
         ORDER BY partner_id, n
        """,
        fixed,
    )
    env.cr.execute("ANALYZE consortium_share_entry, res_partner")
