from . import history, rules, shares

__all__ = ["history", "rules", "shares"]
