"""Every error a user can meet, each with a sentence and a next step.

LoopdeckError                  exit code 1 unless a leaf says otherwise
├── UsageError                 wrong words on the command line (exit 2)
│   ├── ConfigError            a config file that cannot be read or holds a wrong value
│   ├── ThemeError             a theme file that cannot be used
│   ├── RuleError              a permission rule that cannot be understood
│   ├── UnknownModel           a model name nobody answers to, or no key for it
│   ├── UnknownSession         no session, or more than one, has that name
│   └── WorkspaceError         the workspace is missing or cannot be used
├── JournalError               the database cannot be used
│   ├── ForeignDatabase        the file belongs to another program (exit 2)
│   ├── NewerDatabase          a newer Loopdeck wrote it
│   ├── DamagedDatabase        parts of the file cannot be read
│   ├── Unwritable             it can only be read here
│   ├── StorageBlocked         nothing can be written for now: worth another try
│   ├── SequenceConflict       somebody else wrote to this session
│   ├── TakenOver              another process has become this session's writer
│   └── SessionBusy            the session is live in another process
├── CodecError                 a line is not a record
├── ModelError                 the model could not answer
│   ├── ModelUnavailable       for now: worth another try after `wait_s`
│   └── ModelRejected          for good: the same request will fail again
│       ├── ContextFull        the conversation is too long for it
│       └── NothingThere       the server has no such address, or no such model
├── ToolError                  a tool could not do it; the text goes to the model
│   └── LoginError             a server wants its human to log in, or a login came to nothing
└── ReadOnlyError              a command was given to a recording
"""


class LoopdeckError(Exception):
    """Base of all errors shown to people: `str(error)` is a sentence, `hint` the next step."""

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class UsageError(LoopdeckError):
    """The command line or a file it names is wrong."""

    exit_code = 2


class ConfigError(UsageError):
    """A config file cannot be read or holds a wrong value."""


class ThemeError(UsageError):
    """A theme file cannot be used."""


class RuleError(UsageError):
    """A permission rule cannot be understood."""


class UnknownModel(UsageError):
    """No adapter answers to this model name, or its key is missing."""


class UnknownSession(UsageError):
    """No session, or more than one, has this name."""


class WorkspaceError(UsageError):
    """The workspace folder is missing or cannot be used."""


class JournalError(LoopdeckError):
    """The database cannot be used."""


class ForeignDatabase(JournalError):
    """The file is a database of another program, or no database."""

    exit_code = 2


class NewerDatabase(JournalError):
    """A newer Loopdeck wrote this database."""


class DamagedDatabase(JournalError):
    """Parts of the file cannot be read: nothing is written to it any more."""


class Unwritable(JournalError):
    """The file or its folder can only be read."""


class StorageBlocked(JournalError):
    """Nothing can be written for now: the disk is full or failing, or the file is locked."""


class SequenceConflict(JournalError):
    """Another writer appended to the session first."""


class TakenOver(JournalError):
    """Another process has become this session's writer meanwhile."""


class SessionBusy(JournalError):
    """The session is live in another process."""


class CodecError(LoopdeckError):
    """A line cannot be read as a record."""


class ModelError(LoopdeckError):
    """The model could not answer."""


class ModelUnavailable(ModelError):
    """The model cannot answer now; `wait_s` is what the server asked for, if it did."""

    def __init__(self, message: str, hint: str = "", *, wait_s: float | None = None) -> None:
        super().__init__(message, hint)
        self.wait_s = wait_s


class OutOfTime(ModelError):
    """The model did not answer before the run's limit of minutes was used up."""


class ModelRejected(ModelError):
    """The model will not take this request: sending it again cannot help."""


class ContextFull(ModelRejected):
    """The conversation is longer than the model takes: a shorter one may do."""


class NothingThere(ModelRejected):
    """The server answers, but has nothing at this address, or no model of this name."""


class ToolError(LoopdeckError):
    """A tool could not do what was asked; the text goes back to the model."""


class LoginError(ToolError):
    """A server wants its human to log in first, or a login came to nothing."""


class HeldBackError(ToolError):
    """A server is not started before its human has looked at what it would run."""


class ReadOnlyError(LoopdeckError):
    """A command was given where nothing can act on it."""
