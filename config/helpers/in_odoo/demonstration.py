"""For Odoo's shell: the demonstration data of our addons, of ours alone, and once.

Odoo's own (``--with-demo``) is in English and of another world; its flag must be on
all of an addon's dependencies, so each file is loaded here as Odoo loads it.
"""

import os

from odoo.modules.loading import load_data
from odoo.modules.module_graph import ModuleGraph

ours = os.environ["CONSORTIUM_ADDONS"].split(",")
if "consortium_demo" in ours:
    # It tells the whole year: beside it, only the kernel's cooperative and users, and
    # its tax numbers. The other addons' own few records are for who installs one of
    # them alone.
    ours = ["consortium_base", "report_weasyprint_l10n_ca", "consortium_demo"]
graph = ModuleGraph(env.cr, mode="load")
graph.extend(
    env["ir.module.module"].search([("state", "=", "installed")]).mapped("name")
)
for package in graph:
    if package.name in ours and not package.demo:
        french = env(su=True, context={"lang": "fr_CA"})
        load_data(french, {}, "init", kind="demo", package=package)
env["ir.module.module"].search([("name", "in", ours)]).demo = True
env.cr.commit()
