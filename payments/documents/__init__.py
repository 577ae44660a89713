"""Documents made of an issued invoice or credit note: the electronic one (UBL) and its twin on paper (PDF)."""

from payments.documents.pdf import pdf
from payments.documents.ubl import ubl

__all__ = ["pdf", "ubl"]
