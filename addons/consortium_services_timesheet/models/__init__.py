from . import (
    account_analytic_line,
    consortium_expertise,
    sale_order,
    sale_order_cost,
    sale_order_line,
)
