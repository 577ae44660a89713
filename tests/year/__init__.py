"""A year of the Tour, made by the product's own deeds: what the ties of the books are checked on, and measured on.

`making` makes it, `bank` is the bank it happens at, `ties` are the checks, `python -m tests.year` does all of it at
the size TOUR_YEAR and says what it found.

Every registration, payment, refund, document and closed month is made by the deed the site itself calls, at its moment
of the year. The money is the stand-in's: reached over real HTTP through the real SDK, with its own fees, refunds,
disputes and payouts on its own clock, and compared with what the ledger says. What is left out: the pages and forms
before the deeds, the sending of letters (they are written), and the webhooks: the duties and the deeds behind them are
called instead, so the stand-in's notices are thrown away each night.
"""
