"""Whether published draws turned out as planned: realised and planned frequencies, and how likely such a difference is.

`README.md` beside this says what is tested, how, and what a small p-value means.
"""
