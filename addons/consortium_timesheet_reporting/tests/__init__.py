from . import (
    test_hour_figures,
    test_hours_summary,
    test_hours_summary_concurrency,
    test_planned,
    test_run_from_budget,
    test_true_up_figures,
)
