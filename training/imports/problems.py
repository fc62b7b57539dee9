"""Why a file is not read, in a sentence for whoever chose it."""


class UnreadableReport(Exception):
    """The file is no report that can be read; the sentence says why and what helps."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code, self.sentence = code, sentence
