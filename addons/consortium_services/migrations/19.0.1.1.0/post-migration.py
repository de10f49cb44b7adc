def migrate(cr, version):
    """Which ceilings were typed in, and since when consents add to those amended."""
    cr.execute(
        """
        UPDATE sale_order o SET ceiling_typed = TRUE
         WHERE is_service_agreement AND signed_on IS NULL
           AND ceiling_minutes <> (
               SELECT coalesce(sum(l.planned_minutes), 0) FROM sale_order_line l
                WHERE l.order_id = o.id
                  AND (l.option_state IS NULL OR l.option_state = 'taken'))
        """
    )
    cr.execute(
        """
        UPDATE sale_order o SET consents_from = amended.signed_on
          FROM (SELECT order_id, max(signed_on) AS signed_on
                  FROM (SELECT order_id, signed_on, content->>'ceiling_minutes' AS now,
                               lag(content->>'ceiling_minutes') OVER (
                               PARTITION BY order_id ORDER BY number) AS before
                          FROM consortium_agreement_version
                         WHERE state IN ('in_force', 'replaced')) versions
                 WHERE now <> before GROUP BY order_id) amended
         WHERE o.id = amended.order_id
        """
    )
