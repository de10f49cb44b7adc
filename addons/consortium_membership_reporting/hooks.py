def post_init_hook(env):
    """The accounts of the classes of shares that are there already."""
    classes = env["consortium.share.class"].with_context(active_test=False)
    classes.search([("id", ">", 0)])._tell_equity_section()
