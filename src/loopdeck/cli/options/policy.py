"""The words of `loopdeck approvals` and `loopdeck policy`."""

from loopdeck.cli.options.shared import Adder, common, level, rules, whole_number

_APPROVE = (
    "At a terminal, shows all of what would run and asks for y, or for the word that confirms it. "
    "In a script, SESSION/CALL is enough for a call that was asked about once and destroys "
    "nothing; for any other it is the whole ID@REQUEST that `approvals list` prints, so that "
    "nobody says yes to a request that they have not seen."
)


def approvals(commands: Adder) -> None:
    """Answers from another terminal."""
    top = commands.add_parser("approvals", help="answer waiting calls from here")
    common(top)
    verbs = top.add_subparsers(dest="verb", metavar="VERB", required=True)
    common(verbs.add_parser("list", help="what waits for an answer"))
    approve = verbs.add_parser("approve", help="let a waiting call run, once", description=_APPROVE)
    deny = verbs.add_parser("deny", help="do not let it run")
    deny.add_argument("--reason", metavar="TEXT", default="", help="the model hears it")
    answer = verbs.add_parser("answer", help="answer a question, with one of its words or your own")
    for parser in (approve, deny, answer):
        parser.add_argument("id", metavar="ID")
        common(parser)
    answer.add_argument("words", metavar="WORDS", nargs="+")


def policy(commands: Adder) -> None:
    """What would be asked, and why."""
    top = commands.add_parser("policy", help="explain what would be asked, and keep the rules")
    common(top)
    verbs = top.add_subparsers(dest="verb", metavar="VERB", required=True)
    _check(verbs)
    replay = verbs.add_parser("replay", help="decide recorded calls again under other rules")
    replay.add_argument("--policy", metavar="FILE", required=True)
    replay.add_argument("sessions", nargs="*", metavar="SESSION")
    level(replay)
    suggest = verbs.add_parser("suggest", help="rules that would have saved you questions")
    suggest.add_argument("--since", type=whole_number, metavar="DAYS", help="only newer calls")
    suggest.add_argument(
        "--accept", type=whole_number, metavar="N", help="add the Nth to the config"
    )
    bring = verbs.add_parser("import", help="take over the permissions of Claude Code")
    bring.add_argument("file", metavar="FILE", help="a settings.json")
    bring.add_argument("--write", action="store_true", help="append the rules to the config")
    accept = verbs.add_parser("accept", help="say yes to the rules a project brings along")
    accept.add_argument("folder", nargs="?", default=".", metavar="DIR")
    for parser in (replay, suggest, bring, accept):
        common(parser)


def _check(verbs: Adder) -> None:
    check = verbs.add_parser("check", help="what would happen to a call")
    check.add_argument("shell_command", nargs="?", metavar="COMMAND")
    check.add_argument("--jsonl", action="store_true", help="read calls from stdin")
    check.add_argument(
        "--in-order", action="store_true", help="the calls are one session: it may delete its own"
    )
    check.add_argument(
        "--no-sandbox", action="store_true", help="explain levels 4 and 5 as if there were none"
    )
    check.add_argument("--workspace", metavar="DIR", default=".")
    level(check)
    rules(check)
    common(check)
