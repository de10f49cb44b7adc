from . import (
    account_account,
    consortium_annual_report,
    consortium_annual_report_capital,
    consortium_indicator,
    consortium_indicator_revenue,
    consortium_member_operations,
    consortium_membership,
    consortium_share_class,
)
