"""The reminder desk: sends what devices ordered, at most once, and says what became of it.

It owns the clock and the providers and nothing else. Whether a route is safe was decided on a
device; the desk only refuses more. It opens the numbers and texts sealed to it at the moment of
sending, keeps no clear copy, and answers into casefiles it cannot read.
"""
