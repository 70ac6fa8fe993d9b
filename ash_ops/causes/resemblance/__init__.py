"""Which cause a text is most like, by words that no signature knows: weighed, not compared.

What messages of a cause have in common is learned from the labelled texts of the tests
(``tools/learned.py``); ``weights.json`` holds what each word, and each pair of words that follow each
other, speaks for. A text is like the cause for which most of its words speak.
"""

from ash_ops.causes.resemblance.marks import marks
from ash_ops.causes.resemblance.weights import NONE, Likeness, likeness, speaking_most

__all__ = ["NONE", "Likeness", "likeness", "marks", "speaking_most"]
