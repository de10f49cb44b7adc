from . import (
    consortium_annual_report,
    consortium_indicator,
    consortium_indicator_requests,
    consortium_indicator_satisfaction,
    consortium_member_operations,
)
