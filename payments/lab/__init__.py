"""The revenue-model lab: pure functions over plain figures, each with its formula and source.

Nothing here reads the database, the clock or a request: the pages and the command feed these functions and draw what
they answer. Amounts are Decimal in the currency's unit, excl. VAT; shares and statistics are float between 0 and 1.
What cannot be computed is refused with `CannotCompute`, which carries a translated sentence.
"""
