"""Who speaks, and does he tell of a failure that happened?

The words of a failure stand in many texts that report none. A text is asked in this order, and what it is
follows from how it is built rather than from what it is about:

* **Who speaks?** A program's line and AWS's message report, unless they say otherwise. Code (``code``), the
  title of a change (``changes``) and a document (``documents``: a list, a table, a glossary, a message with
  ``<reason>`` in the place of its reason) report nothing. A person reports what is his own ("my task") or
  has a time, an id, an error; in a sentence without any of these he speaks in general (``general``, weighed
  by ``signs``; ``languages`` for other languages than English).
* **Did it happen?** Not what is denied, counted as zero, possible, asked in general, planned, tried again
  with success, or over (``causes.calm``, which holds the answer: ``asserted``).
* **Whose is it?** Not of another platform, program or vendor that is named where nothing is named that is
  ours (``causes.foreign``, ``causes.belonging``). Where nothing tells it, clear words are told with a
  look to make first (``anybodys``).

What reports nothing silences nothing: the sentence or line is left out, and the next one is asked anew.
"""
