"""The one lock of the chapter. Every change of a seat's state takes it first; parents before children, always."""

from events.models import Event


def lock_event(event_id: int) -> Event:
    """The event's row, locked until the transaction ends. Raises Event.DoesNotExist.

    NO KEY UPDATE, so that a row elsewhere that merely refers to the event is not kept waiting.
    Order of locks in the whole project: Event, Registration, Payment, NumberSeries. READ COMMITTED, so what is counted
    after this line is what others committed before it.
    """
    return Event.objects.select_for_update(of=("self",), no_key=True).get(pk=event_id)
