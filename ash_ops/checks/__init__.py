"""One small file a check, by playbook; each a pure function of a snapshot."""
