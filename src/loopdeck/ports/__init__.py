"""The seams of the program on one page: what the harness and the deck ask of the world.

bulletin Bulletin, PendingRules      what a person should hear of the rules before a run
grants   GrantBook                   permissions that outlive their session
host     Clock, CommandSink, Host    time, the way in for a human's commands, the way to begin
journal  Journal, Library, Mailbox   the log, all sessions, commands between processes
model    Model                       a request in; deltas and one reply out
queue    Queue                       messages that wait for the next step
servers  Servers                     the MCP servers of a run, for its deck
tools    Tool calls as Actions       described, prepared, judged, run
"""

from loopdeck.ports.branch import Branch
from loopdeck.ports.bulletin import Bulletin, PendingRules
from loopdeck.ports.grants import GrantBook
from loopdeck.ports.host import Clock, CommandSink, Host, Means, Opened
from loopdeck.ports.journal import Journal, Library, Mailbox
from loopdeck.ports.model import (
    AssistantTurn,
    CallResult,
    Delta,
    Model,
    ModelRequest,
    Reply,
    ReplyBlock,
    Search,
    ToolUse,
    Turn,
    UserTurn,
)
from loopdeck.ports.queue import Letters, Queue
from loopdeck.ports.servers import Servers
from loopdeck.ports.tools import Action, Guard, Toolbox, ToolContext, ToolResult, ToolSpec, Watch

__all__ = [
    "Action",
    "AssistantTurn",
    "Branch",
    "Bulletin",
    "CallResult",
    "Clock",
    "CommandSink",
    "Delta",
    "GrantBook",
    "Guard",
    "Host",
    "Journal",
    "Letters",
    "Library",
    "Mailbox",
    "Means",
    "Model",
    "ModelRequest",
    "Opened",
    "PendingRules",
    "Queue",
    "Reply",
    "ReplyBlock",
    "Search",
    "Servers",
    "ToolContext",
    "ToolResult",
    "ToolSpec",
    "ToolUse",
    "Toolbox",
    "Turn",
    "UserTurn",
    "Watch",
]
