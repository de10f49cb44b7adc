from . import (
    consortium_hours_summary,
    consortium_indicator,
    consortium_indicator_cost,
    consortium_indicator_true_up,
    consortium_rate_run,
    mis_budget_item,
    mis_report_kpi,
)
