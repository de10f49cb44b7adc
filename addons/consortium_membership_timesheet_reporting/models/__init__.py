from . import (
    account_analytic_line,
    consortium_indicator,
    consortium_member_operations,
)
