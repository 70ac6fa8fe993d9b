"""What each JSON document holds, beside those that are made of facts (the doctor's report, a snapshot).

The contracts: mypy holds what writes a document to the class of its name here, and the JSON Schemas in
``docs/schemas`` follow from them (``tools/json_page.py``). Nothing needs these modules to run.
"""
