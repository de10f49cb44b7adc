from . import (
    account_move_reversal,
    consortium_billing_credit,
    consortium_time_correction,
    consortium_time_week,
    consortium_time_week_grid,
)
