"""What the files of the history say: headers and words, in French and in English.

Words are compared as ``consortium_base.tools.text.fold`` gives them. No Odoo here.
"""

# Column: what a header may say, in French then in English.
MEMBER_COLUMNS = {
    "name": ("Nom", "Name", "Organisation", "Organization"),
    "neq": ("NEQ", "NEQ", "Numéro d'entreprise"),
    "number": ("Numéro de membre", "Member number", "Numéro", "No."),
    "category": ("Catégorie", "Category"),
    "start": ("Depuis", "Since", "Admission", "Date d'admission"),
    "end": ("Jusqu'au", "Until", "Fin", "End"),
    "reason": ("Motif", "Reason"),
    "founding": ("Fondateur", "Founding", "Membre fondateur"),
    "resolution": ("Résolution", "Resolution"),
}
SHARE_COLUMNS = {
    "name": ("Nom", "Name", "Organisation", "Organization"),
    "neq": ("NEQ", "NEQ", "Numéro d'entreprise"),
    "share_class": ("Catégorie de parts", "Share class", "Parts"),
    "quantity": ("Quantité", "Quantity", "Nombre"),
    "price": ("Prix unitaire", "Unit price", "Prix"),
    "day": ("Date", "Day", "Jour"),
    "kind": ("Opération", "Operation", "Type"),
    "reference": ("Référence", "Reference"),
    "certificate": ("Certificat", "Certificate"),
    "paid": ("Payé", "Paid", "Montant payé"),
}
YES = {"oui", "yes", "o", "y", "x", "1", "vrai", "true"}
REASONS = {
    "demission": "resignation",
    "resignation": "resignation",
    "exclusion": "expulsion",
    "expulsion": "expulsion",
    "changement de categorie": "category_change",
    "change of category": "category_change",
    "dissolution": "dissolution",
}
KINDS = {
    "": "issue",
    "emission": "issue",
    "souscription": "issue",
    "issue": "issue",
    "subscription": "issue",
    "rachat": "redemption",
    "remboursement": "redemption",
    "redemption": "redemption",
    "transfert": "transfer",
    "transfer": "transfer",
    "conversion": "conversion",
}


class Unreadable(Exception):
    """Why a cell can't be read, as a sentence."""
