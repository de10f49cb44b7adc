from . import (
    frozen,
    legal_value,
    neq,
    organization_file,
    organization_plan,
    records,
    text,
)
