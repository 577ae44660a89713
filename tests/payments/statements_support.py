"""Bank statements to import, in both editions of CAMT.053, with the sums right unless a test makes them wrong."""

from decimal import Decimal
from itertools import count
from xml.sax.saxutils import escape

OWN = "BE17999123456721"
THEIRS = "BE71096123456769"
#: No day before it is in a test.
DAY = "2027-01-20"
_numbers = count(1)


def entry(
    amount,
    *,
    text="",
    structured="",
    name="Gemeente Proef",
    iban=THEIRS,
    ref=None,
    day=DAY,
    status="BOOK",
    code="PMNT/RCDT/ESCT",
    currency="EUR",
):
    """A movement; money in is positive. Each has a reference of its own unless one is given."""
    return {
        "amount": Decimal(amount),
        "text": text,
        "structured": structured,
        "name": name,
        "iban": iban,
        "ref": f"REF{next(_numbers):06d}" if ref is None else ref,
        "day": day,
        "status": status,
        "code": code,
        "currency": currency,
    }


def camt(
    *entries,
    opening="1000.00",
    closing=None,
    name="2027-001",
    iban=OWN,
    edition="02",
    currency="EUR",
    opened="2027-01-19",
    closed=DAY,
    head="",
):
    booked = sum((made["amount"] for made in entries if made["status"] == "BOOK"), start=Decimal(opening))
    body = "".join(_entry(made, edition) for made in entries)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{edition}"><BkToCstmrStmt>'
        f"<GrpHdr><MsgId>{next(_numbers)}</MsgId><CreDtTm>2027-01-21T04:00:00</CreDtTm></GrpHdr>"
        f"<Stmt><Id>{name}</Id><ElctrncSeqNb>1</ElctrncSeqNb><CreDtTm>2027-01-21T04:00:00</CreDtTm>"
        f"<Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>{currency}</Ccy></Acct>"
        f"{_balance('OPBD', Decimal(opening), opened, currency)}"
        f"{_balance('CLBD', booked if closing is None else Decimal(closing), closed, currency)}"
        f"{body}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def _balance(kind, amount, day, currency):
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>{_money(amount, currency)}<Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def _money(amount, currency="EUR"):
    sign = "DBIT" if amount < 0 else "CRDT"
    return f'<Amt Ccy="{currency}">{abs(amount)}</Amt><CdtDbtInd>{sign}</CdtDbtInd>'


def _entry(made, edition):
    status = f"<Sts><Cd>{made['status']}</Cd></Sts>" if edition == "08" else f"<Sts>{made['status']}</Sts>"
    domain, family, sub = made["code"].split("/")
    side = "Dbtr" if made["amount"] > 0 else "Cdtr"
    name = f"<Nm>{escape(made['name'])}</Nm>"
    party = f"<{side}><Pty>{name}</Pty></{side}>" if edition == "08" else f"<{side}>{name}</{side}>"
    account = f"<{side}Acct><Id><IBAN>{made['iban']}</IBAN></Id></{side}Acct>" if made["iban"] else ""
    free = f"<Ustrd>{escape(made['text'])}</Ustrd>" if made["text"] else ""
    strd = (
        f"<Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry><Issr>BBA</Issr></Tp>"
        f"<Ref>{made['structured']}</Ref></CdtrRefInf></Strd>"
        if made["structured"]
        else ""
    )
    ref = f"<AcctSvcrRef>{made['ref']}</AcctSvcrRef>" if made["ref"] else ""
    return (
        f"<Ntry>{_money(made['amount'], made['currency'])}{status}<BookgDt><Dt>{made['day']}</Dt></BookgDt>"
        f"<ValDt><Dt>{made['day']}</Dt></ValDt>{ref}"
        f"<BkTxCd><Domn><Cd>{domain}</Cd><Fmly><Cd>{family}</Cd><SubFmlyCd>{sub}</SubFmlyCd></Fmly></Domn></BkTxCd>"
        f"<NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>"
        f"<RltdPties>{party}{account}</RltdPties><RmtInf>{free}{strd}</RmtInf></TxDtls></NtryDtls></Ntry>"
    )


def coda(amount="114.95", *, communication, sequence="001", opening="1000.00", day="200127"):
    """One movement in, as a Belgian bank writes it: lines of 128, amounts in thousandths. `communication` 12 digits."""

    def thousandths(value):
        return f"{int(Decimal(value) * 1000):015d}"

    closing = Decimal(opening) + Decimal(amount)
    account = f"{OWN:<34}EUR"
    move = f"{'EPIB00001 AWIUBTKAPUO':<21}0{thousandths(amount)}{day}00150000"
    lines = [
        f"{'00000' + day + '99905':<24}{'0' * 10:<36}{'GKCCBEBB':<11}{'0' * 11:<56}2",
        f"12{sequence}{account}0{thousandths(opening)}190127{'TOUR VZW':<61}{sequence}",
        f"2100010000{move}1101{communication:<50}{day}{sequence}01 0",
        f"2300010000{THEIRS:<37}{'GEMEENTE PROEF':<35}{' ' * 43}0 0",
        f"8{sequence}{account}0{thousandths(closing)}{day}",
        f"9{' ' * 15}000004{thousandths('0')}{thousandths(amount)}",
    ]
    return "".join(f"{line:<128}\r\n" for line in lines).encode("windows-1252")
