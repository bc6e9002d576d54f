"""Floor: parses the command of each JSON line on standard input with the grammar, nothing else.

Writes a line for each: its id, and whether the grammar understood it.
"""

import json
import sys

import tree_sitter_bash
from tree_sitter import Language, Parser

parser = Parser(Language(tree_sitter_bash.language()))
for line in sys.stdin.buffer:
    call = json.loads(line)
    text = call["args"]["command"].encode("utf-8", "replace")
    broken = parser.parse(text).root_node.has_error
    sys.stdout.write(json.dumps({"id": call["id"], "broken": broken}) + "\n")
