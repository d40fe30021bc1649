"""What a supervisor sees besides: the review queue, caseloads, people, devices and quarantine."""
