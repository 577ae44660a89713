"""What the deeds of the cases refuse, each with a translated sentence for the person who asked."""

from django.utils.translation import gettext as _


class Refusal(Exception):
    """A deed that was not done, and why. Nothing was written."""

    def __init__(self) -> None:
        super().__init__(self.text())

    def text(self) -> str:
        """The sentence shown to the reader, in the active language."""
        raise NotImplementedError


class NoReport(Refusal):
    """Only what a visit report tells needs the host's yes."""

    def text(self) -> str:
        return _("Only a visit report waits for the host's yes.")


class NotReadyToAsk(Refusal):
    """What is missing would have to be filled in afterwards, and the host be asked again."""

    def __init__(self, obstacles: list[str]) -> None:
        self.obstacles = obstacles
        super().__init__()

    def text(self) -> str:
        return " ".join([_("First complete the text, otherwise the host has to be asked twice."), *self.obstacles])


class AnsweredBefore(Refusal):
    """One answer to one question: a host who changes its mind is asked again."""

    def text(self) -> str:
        return _("This question was answered already.")


class QuestionEnded(Refusal):
    """The link is too old, the text is another one by now, or the host was asked again since."""

    def text(self) -> str:
        return _("This question is not open any more. If the text still needs your yes, you get another mail.")


class NoteMissing(Refusal):
    """An editor cannot mend what nobody names."""

    def text(self) -> str:
        return _("Say what should change.")
