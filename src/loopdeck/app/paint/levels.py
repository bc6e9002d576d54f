"""What each level of autonomy means, in one line."""

LEVEL_MEANS = {
    1: "talks only: no tools are offered",
    2: "reads inside the workspace; asks for other reads; writes and commands are not offered",
    3: "reads inside the workspace; asks for every write, network, destructive or unknown call",
    4: "also writes, tests and builds inside the workspace, in the sandbox; asks for the rest",
    5: "as 4 with nobody at the keyboard: what would ask is parked for later",
}
SANDBOXED = 4
"""The first level at which the sandbox stands in for a human's look."""
