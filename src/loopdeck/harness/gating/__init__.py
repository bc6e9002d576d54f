"""From a proposed call to a running one: examined, asked about, bound, reviewed."""
