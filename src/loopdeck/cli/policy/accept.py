"""`loopdeck policy accept`: a person reads a project's own rules and says yes to them."""

import argparse
from datetime import UTC, datetime

from loopdeck.cli.config import Settings
from loopdeck.cli.console import one_line, printable, tell
from loopdeck.cli.places import places, workspace
from loopdeck.cli.policy.adding import confirmed
from loopdeck.cli.policy.project import POLICY, accept_project, project_rules


def main(args: argparse.Namespace, settings: Settings) -> int:
    """Show what changed, ask, remember; 1 if the answer is no."""
    del settings
    folder = workspace(args.folder)
    spots = places(args)
    found = project_rules(folder, spots.projects, datetime.now(UTC))
    for problem in found.problems:
        tell(problem)
    if not found.pending:
        there = "is accepted" if found.text else "is not there, and none was accepted"
        tell(f"{folder / POLICY} {there}: nothing to do.")
        return 0
    lines = printable(found.text).splitlines() or ["(the file is gone)"]
    print("\n".join(f"  {line}" for line in lines))
    print()
    for change in found.changed:
        print(one_line(change))
    if not confirmed(f"Accept the rules of {one_line(str(folder))} as they are now?"):
        tell("Not accepted: the old and the new rules both stay in force.")
        return 1
    accept_project(folder, spots.projects, found.text)
    tell("Accepted.")
    return 0
