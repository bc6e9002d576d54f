"""The words of `loopdeck mcp`."""

from loopdeck.cli.options.shared import Adder, amount, common


def mcp(commands: Adder) -> None:
    """The MCP servers without a screen."""
    top = commands.add_parser("mcp", help="the MCP servers whose tools an agent may use")
    common(top)
    verbs = top.add_subparsers(dest="verb", metavar="VERB", required=True)
    add = verbs.add_parser("add", help="name a server: --url, or --command")
    add.add_argument("name", metavar="NAME")
    add.add_argument("--url", metavar="URL", default="")
    add.add_argument("--sse", action="store_true", help="the address speaks the old SSE transport")
    add.add_argument("--env", action="append", default=[], metavar="NAME=VALUE")
    add.add_argument("--header", action="append", default=[], metavar="NAME: VALUE")
    add.add_argument("--trusted", action="store_true", help="what it says of its tools counts")
    add.add_argument("--timeout", type=amount, metavar="SECONDS", help="of one call")
    words = "the program and all its arguments; the last of the options"
    add.add_argument("--command", dest="words", nargs="...", default=[], help=words)
    listing = verbs.add_parser("list", help="the servers, and those a project names")
    test = verbs.add_parser("test", help="connect, and show what a server offers")
    test.add_argument("names", nargs="*", metavar="NAME")
    remove = verbs.add_parser("remove", help="forget a server")
    remove.add_argument("name", metavar="NAME")
    bring = verbs.add_parser("import", help="take over servers of another program")
    bring.add_argument("file", metavar="FILE", help="a .mcp.json, or one of Cursor or VS Code")
    bring.add_argument("--write", action="store_true", help="add them to the config")
    accept = verbs.add_parser("accept", help="say yes to the servers a project names")
    accept.add_argument("folder", nargs="?", default=".", metavar="DIR")
    login = verbs.add_parser("login", help="log in at a server with your browser")
    login.add_argument("name", metavar="NAME")
    login.add_argument("--no-browser", action="store_true", help="only print the address to open")
    logout = verbs.add_parser("logout", help="forget the login at a server")
    logout.add_argument("name", metavar="NAME")
    for parser in (add, listing, test, remove, bring, accept, login, logout):
        common(parser)
