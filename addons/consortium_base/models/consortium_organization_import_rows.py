"""What the import of organizations does with rows: looks up, creates, completes."""

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import neq
from ..tools.organization_plan import Known, Plan
from ..tools.text import fold


class ConsortiumOrganizationImport(models.Model):
    _inherit = "consortium.organization.import"

    def _decide(self, rows, coming_networks):
        """What the plan says of rows ``(number, cells)``, in their order."""
        plan = Plan(self._known(rows, coming_networks))
        return [plan.decide(number, cells) for number, cells in rows]

    def _coming_networks(self, rows):
        """The names and NEQs of the networks that these rows would create."""
        kinds, network_kinds = self._known_kinds()
        coming = set()
        for _number, cells in rows:
            kind = kinds.get(fold(cells.get("kind"))) or self.fallback_kind_id.id
            if kind in network_kinds:
                coming.add(fold(cells.get("name")))
                if neq.is_neq(cells.get("neq")):
                    coming.add(neq.compact(cells["neq"]))
        return coming

    def _import_lines(self, lines):
        """Create or complete the organizations of these rows, then their networks."""
        # Organizations are written with the author's rights, rows by nobody's.
        lines = lines.sudo()
        rows = [(line.number, line.data) for line in lines]
        brought = self.env["consortium.organization.import.line"].search(
            [
                ("import_id", "=", self.id),
                ("brings_network", "=", True),
                ("state", "!=", "refused"),
            ]
        )
        coming = {fold(line.name) for line in brought} | set(brought.mapped("neq"))
        outcomes = dict(zip(lines, self._decide(rows, coming), strict=True))
        waiting = lines.filtered(lambda line: line.state == "pending")
        self._write_partners({line: outcomes[line] for line in waiting})
        accepted = lines.filtered(lambda line: line.state != "refused")
        first_pass = (waiting & accepted).filtered("brings_network")
        ready = accepted - first_pass
        self._affiliate([(line.partner_id.id, outcomes[line]) for line in ready])
        first_pass.state = "created"
        ready.state = "done"

    def _write_partners(self, outcomes):
        """Create the organizations, complete those that are known."""
        Partner = self.env["res.partner"]
        fresh = []
        known = Partner.browse(
            outcome.partner_id for outcome in outcomes.values() if outcome.partner_id
        )
        for line, outcome in outcomes.items():
            if outcome.what == "refuse":
                line.write(
                    {
                        "state": "refused",
                        "outcome": "refuse",
                        "message": self._row_sentences(outcome.problems),
                    }
                )
                continue
            line.outcome = outcome.what
            if outcome.what == "match":
                partner = Partner.browse(outcome.partner_id).with_prefetch(known._ids)
                line.partner_id = partner
                missing = {
                    name: value
                    for name, value in outcome.values.items()
                    if not partner[name]
                }
                if missing:
                    partner.write(missing)
            else:
                fresh.append((line, outcome))
        country = self.env.ref("base.ca").id
        partners = Partner.create(
            [
                {
                    **outcome.values,
                    "is_company": True,
                    "country_id": country if "state_id" in outcome.values else False,
                }
                for _line, outcome in fresh
            ]
        )
        for (line, _outcome), partner in zip(fresh, partners, strict=True):
            line.partner_id = partner

    def _affiliate(self, pairs):
        """Write the affiliations that the rows name and that are not there yet.

        The first network named is the primary one, unless another one already is.
        """
        Affiliation = self.env["consortium.affiliation"]
        pairs = [(partner, outcome) for partner, outcome in pairs if outcome.networks]
        if not pairs:
            return
        networks = self._known_networks()
        existing = Affiliation.search(
            [("organization_id", "in", [partner for partner, _outcome in pairs])]
        ).grouped("organization_id")
        existing = {partner.id: lines for partner, lines in existing.items()}
        vals_list = []
        for partner, outcome in pairs:
            start = outcome.date_start or self.fallback_date_start
            if outcome.date_end and outcome.date_end < start:
                raise UserError(self.env._("The affiliation ends before it begins."))
            same_days = existing.get(partner, Affiliation).filtered(
                lambda line, start=start, end=outcome.date_end: (
                    (not line.date_end or line.date_end >= start)
                    and (not end or line.date_start <= end)
                )
            )
            there = set(same_days.network_id.ids)
            with_primary = any(same_days.mapped("is_primary"))
            for position, key in enumerate(outcome.networks):
                if key not in networks:
                    raise UserError(
                        self.env._("The network « %(text)s » is unknown.", text=key)
                    )
                if networks[key] in there:
                    continue
                vals_list.append(
                    {
                        "organization_id": partner,
                        "network_id": networks[key],
                        "date_start": start,
                        "date_end": outcome.date_end,
                        "is_primary": position == 0 and not with_primary,
                    }
                )
        Affiliation.create(vals_list)

    def _known(self, rows, coming_networks):
        """What rows are compared with; only candidates are read, not the archive."""
        kinds, network_kinds = self._known_kinds()
        regions, region_provinces = {}, {}
        for region, names in self._names("consortium.region"):
            region_provinces[region.id] = region.state_id.id
            for name in (*names, region.code, region.display_name):
                regions[fold(name)] = region.id
        country = self.env.ref("base.ca")
        domain = Domain("country_id", "=", country.id)
        provinces = {}
        for state, names in self._names("res.country.state", domain):
            provinces |= dict.fromkeys(map(fold, (*names, state.code)), state.id)
        sectors = {}
        for sector, names in self._names("res.partner.industry"):
            sectors |= dict.fromkeys(map(fold, (*names, sector.full_name)), sector.id)
        sectors.pop("", None)
        by_neq, archived, by_place = self._known_organizations(rows)
        return Known(
            kinds=kinds,
            regions=regions,
            sectors=sectors,
            provinces=provinces,
            network_kinds=network_kinds,
            region_provinces=region_provinces,
            networks=self._known_networks(),
            by_neq=by_neq,
            archived=archived,
            by_place=by_place,
            coming_networks=coming_networks,
            quebec=self.env.ref("base.state_ca_qc").id,
            default_kind=self.fallback_kind_id.id,
        )

    def _known_kinds(self):
        kinds, network_kinds = {}, set()
        for kind, names in self._names("consortium.organization.kind"):
            kinds |= dict.fromkeys(map(fold, (*names, kind.code)), kind.id)
            if kind.is_network:
                network_kinds.add(kind.id)
        return kinds, network_kinds

    def _known_networks(self):
        networks = {}
        partners = self.env["res.partner"].search_fetch(
            [("organization_kind_id.is_network", "=", True)],
            ["name", "company_registry"],
            order="id desc",
        )
        for partner in partners:
            networks[fold(partner.name)] = partner.id
            if partner.company_registry:
                networks[partner.company_registry] = partner.id
        return networks

    def _known_organizations(self, rows):
        """Those with the NEQ or the postal code of a row, whatever their number."""
        Partner = self.env["res.partner"]
        neqs = {neq.compact(cells.get("neq")) for _number, cells in rows} - {""}
        zips = {Plan.place(cells)[1] for _number, cells in rows}
        Partner.flush_model(["name", "zip", "company_registry", "active"])
        visible = Partner.with_context(active_test=False)._search(
            [("parent_id", "=", False), ("is_company", "=", True)]
        )
        candidates = self.env.execute_query(
            SQL(
                """
                SELECT id, name, zip, company_registry, active FROM res_partner
                 WHERE id IN %(visible)s
                   AND (company_registry = ANY(%(neqs)s) OR active AND upper(
                        regexp_replace(coalesce(zip, ''), '[^A-Za-z0-9]', '', 'g')
                        ) = ANY(%(zips)s))
                 ORDER BY id DESC
                """,
                visible=visible.subselect(),
                neqs=list(neqs),
                zips=list(zips),
            )
        )
        by_neq, archived, by_place = {}, set(), {}
        for partner, name, code, registry, active in candidates:
            if not active:
                archived.add(registry)
                continue
            if registry:
                by_neq[registry] = partner
            place = Plan.place({"name": name, "zip": code})
            by_place[place] = (partner, registry if neq.is_neq(registry) else "")
        return by_neq, archived, by_place

    def _names(self, model, domain=Domain.TRUE):
        """``(record, its names in every language)``."""
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        for record in self.env[model].search(domain):
            yield (
                record,
                [record.with_context(lang=code).name for code in {*languages, "en_US"}],
            )

    def _file_sentence(self, problem):
        """One sentence for what is wrong with the file, and what to do."""
        column = problem.details.get("column")
        sentences = {
            "empty": self.env._(
                "The file is empty: download the template and fill it in."
            ),
            "too_big": self.env._(
                "The file is larger than %(limit)s MB: split it.",
                limit=problem.details.get("limit"),
            ),
            "too_many_rows": self.env._(
                "The file has more than %(limit)s rows: split it.",
                limit=problem.details.get("limit"),
            ),
            "old_excel": self.env._(
                "This is a file of an old Excel (.xls): save it as .xlsx or CSV."
            ),
            "not_xlsx": self.env._(
                "This file is not a readable Excel workbook (.xlsx): open it, save it "
                "again, without a password, then try once more."
            ),
            "not_text": self.env._(
                "This file is neither text (CSV) nor an Excel workbook."
            ),
            "encoding": self.env._(
                "The characters of this file cannot be read: save it as « CSV UTF-8 »."
            ),
            "broken_csv": self.env._(
                "The file cannot be read at line %(line)s: a quotation mark is "
                "missing.",
                line=problem.details.get("line"),
            ),
            "too_many_columns": self.env._(
                "The file has more than %(limit)s columns: keep those of the template.",
                limit=problem.details.get("limit"),
            ),
            "long_line": self.env._(
                "Line %(line)s of the file has more than %(limit)s characters: check "
                "the file.",
                line=problem.details.get("line"),
                limit=problem.details.get("limit"),
            ),
            "no_header": self.env._(
                "The first %(limit)s rows of the file are blank: begin with the names "
                "of the columns.",
                limit=problem.details.get("limit"),
            ),
            "no_rows": self.env._("The file has a header and no row under it."),
            "missing_column": self.env._(
                "The column « %(column)s » is missing: see the template.",
                column=self._column_name("name"),
            ),
            "doubled_column": self.env._(
                "The column « %(column)s » is there twice.", column=column
            ),
        }
        return sentences[problem.code]

    def _row_sentences(self, problems):
        return " ".join(self._row_sentence(code, **about) for code, about in problems)

    def _row_sentence(self, code, text="", column="name", row=0, limit=0, number=""):
        """One sentence for what is wrong with a row."""
        column = self._column_name(column)
        sentences = {
            "formula": self.env._("« %(column)s » holds a formula.", column=column),
            "html": self.env._("« %(column)s » holds HTML.", column=column),
            "control": self.env._(
                "« %(column)s » holds an unreadable sign.", column=column
            ),
            "too_long": self.env._(
                "« %(column)s » has more than %(limit)s characters.",
                column=column,
                limit=limit,
            ),
            "no_name": self.env._("The name is missing."),
            "no_kind": self.env._("The kind of organization is missing."),
            "unknown_kind": self.env._("The kind « %(text)s » is unknown.", text=text),
            "unknown_region": self.env._(
                "The region « %(text)s » is unknown.", text=text
            ),
            "unknown_sector": self.env._(
                "The sector « %(text)s » is unknown.", text=text
            ),
            "unknown_province": self.env._(
                "The province « %(text)s » is unknown.", text=text
            ),
            "unknown_network": self.env._(
                "The network « %(text)s » is unknown.", text=text
            ),
            "region_elsewhere": self.env._(
                "The region « %(text)s » is of another province.", text=text
            ),
            "bad_email": self.env._(
                "« %(text)s » is not an e-mail address.", text=text
            ),
            "bad_website": self.env._(
                "« %(text)s » is not the address of a website.", text=text
            ),
            "bad_neq": self.env._(
                "« %(text)s » is not a NEQ: a NEQ has 10 digits and begins with 11, "
                "22, 33 or 88.",
                text=text,
            ),
            "bad_date": self.env._(
                "« %(text)s » is not a date: write it as 2018-06-30.", text=text
            ),
            "dates_crossed": self.env._("The affiliation ends before it begins."),
            "doubled_neq": self.env._("This NEQ is already in row %(row)s.", row=row),
            "doubled_place": self.env._(
                "This name and postal code are already in row %(row)s.", row=row
            ),
            "archived": self.env._(
                "An archived organization has this NEQ: restore it first."
            ),
            "other_neq": self.env._(
                "An organization of this name and postal code has another NEQ, "
                "%(number)s.",
                number=number,
            ),
        }
        return sentences[code]

    def _remark_sentences(self, remarks):
        sentences = []
        if encoding := remarks.get("encoding"):
            sentences.append(
                self.env._(
                    "The file is not in UTF-8: it was read as %(encoding)s. Check that "
                    "accents are right.",
                    encoding=encoding,
                )
            )
        if unused := remarks.get("unused"):
            sentences.append(
                self.env._("Columns that are not used: %(names)s.", names=unused)
            )
        return "\n".join(sentences) or False
