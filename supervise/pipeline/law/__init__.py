"""``supervise rules`` and ``explain``: what the law says, whether it is sound, for people.

In: the rulebook and an office's overlay. Out: lists and pages of rules, their worked examples run,
peer references of a period frozen.
"""
