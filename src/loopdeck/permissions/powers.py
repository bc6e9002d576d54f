"""Programs and options that change the machine itself: no level and no rule runs them unasked."""

import re

from loopdeck.permissions.shell import ELEVATORS, Words

_SYSTEM = re.compile(
    r"insmod|modprobe|rmmod|kexec|sysctl|dmsetup|setenforce|aa-(?:disable|teardown)"
)
_FIREWALL = re.compile(r"ip6?tables(?:-restore)?|nft|ufw|firewall-cmd|pfctl")
_ACCOUNTS = re.compile(r"(?:ch)?passwd|(?:user|group)(?:add|mod|del)|(?:add|del)user|visudo|chsh")
_MOUNTS = re.compile(r"u?mount|losetup|swapo(?:n|ff)")
_LATER = re.compile(r"at|batch|launchctl|schtasks")
_LOOKS = re.compile(r"status|show|list-[a-z-]+|is-[a-z-]+|cat|help")
_SETUID = re.compile(r"0?[2-7]\d{3}|[ugoa]*[+=][rwxXt]*s[rwxXst]*(?:,.*)?")

POWERFUL = (
    "|".join(pattern.pattern for pattern in (_SYSTEM, _FIREWALL, _ACCOUNTS, _MOUNTS, _LATER))
    + r"|mkfs\S*|chmod|crontab|systemctl|"
    + "|".join(ELEVATORS)
)
"""The names of these programs, as a pattern."""
_ANY = re.compile(POWERFUL, re.DOTALL)


def power(part: Words) -> str:
    """What a part of a command would do to the machine, as a sentence; empty for nothing."""
    name, rest = part[0], part[1:]
    if not _ANY.fullmatch(name):
        return ""
    if name in ELEVATORS:
        return f"`{name}` acts as another user"
    if name.startswith("mkfs"):
        return "it formats a disk"
    if _SYSTEM.fullmatch(name):
        return f"`{name}` changes the running system"
    if _FIREWALL.fullmatch(name):
        return f"`{name}` changes the firewall"
    if _ACCOUNTS.fullmatch(name):
        return f"`{name}` changes who may log in"
    if _MOUNTS.fullmatch(name) and rest:
        return f"`{name}` changes what is mounted"
    return _later(name, rest) or _setuid(name, rest)


def _later(name: str, rest: Words) -> str:
    verbs = [word for word in rest if not word.startswith("-")]
    service = name == "systemctl" and verbs and not _LOOKS.fullmatch(verbs[0])
    if _LATER.fullmatch(name) or (name == "crontab" and "-l" not in rest) or service:
        return f"`{name}` makes something run later, or no longer"
    return ""


def _setuid(name: str, rest: Words) -> str:
    if name == "chmod" and any(_SETUID.fullmatch(word) for word in rest):
        return "it lets a program run with its owner's rights"
    return ""
