"""The last line behind obstacles(): what PostgreSQL itself refuses on a page that is live."""

import pgtrigger

#: In one statement: is there a live page with this number that has a figure nobody can judge?
_FUNCTION = """
IF EXISTS (
    SELECT 1 FROM cases_impactfigure figure JOIN wagtailcore_page page ON page.id = figure.page_id
    WHERE page.id = NEW.{column} AND page.live
      AND (figure.status = '' OR figure.source_name = '' OR figure.value IS NULL OR figure.year IS NULL)
) THEN
    RAISE EXCEPTION 'A figure of live page % lacks its value, status, source or year', NEW.{column}
        USING ERRCODE = 'check_violation', CONSTRAINT = 'figure_complete_when_live';
END IF;
RETURN NULL;
"""


class CompleteWhenLive(pgtrigger.Trigger):
    """Refuses an incomplete figure on a live page with an IntegrityError, when the transaction commits.

    Deferred, because a page and its figures are written one after the other, and wagtail-localize makes them anew.
    It reads what is there at the end, so a row that was put right or taken out meanwhile is no fault. A page that was
    live before the rule stays so until it is written again.
    """

    when = pgtrigger.After
    operation = pgtrigger.Insert | pgtrigger.Update
    timing = pgtrigger.Deferred

    def __init__(self, column: str) -> None:
        """`column` is the page's number in the table the trigger is on."""
        super().__init__(name="complete_when_live", func=_FUNCTION.format(column=column))
