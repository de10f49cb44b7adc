from . import agreement_cost
