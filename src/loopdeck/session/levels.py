"""The five levels of autonomy in words; what each lets run is decided by the permissions."""

LEVEL_NAMES = {
    1: "Chatbot",
    2: "Assistant",
    3: "Human in the loop",
    4: "Auto",
    5: "Autonomous",
}
LEVEL_MEANS = {
    1: "talks only: no tools are offered",
    2: "reads inside the workspace; asks for other reads; writes and commands are not offered",
    3: "reads inside the workspace; asks for every write, network, destructive or unknown call",
    4: "also writes, tests and builds inside the workspace, in the sandbox; asks for the rest",
    5: "as 4 with nobody at the keyboard: what would ask is parked for later",
}
LEVEL_IN_SHORT = {
    1: "no tools",
    2: "reads",
    3: "asks to act",
    4: "acts in the sandbox",
    5: "alone",
}
"""The same where there is room for a word or two."""

TOOLLESS = 1
"""The last level at which no tool runs, whoever approves."""

SANDBOXED = 4
"""The first level at which the sandbox stands in for a human's look."""
