"""`loopdeck policy`, and what decides calls beside the command line: rules, grants, projects."""
