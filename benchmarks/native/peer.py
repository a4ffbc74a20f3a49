"""The protocol of a peer: one request a line on standard input (words separated by tabs), one JSON object a line on standard output."""

import json
import sys


def serve(*commands):
    """Answers requests until standard input ends. The first word names the function, the others are its arguments; its answer is a dict."""
    by_name = {command.__name__: command for command in commands}
    for line in sys.stdin:
        name, *words = line.rstrip("\n").split("\t")
        try:
            answer = by_name[name](*words)
        except Exception as error:  # noqa: BLE001 - what went wrong belongs to the one who asked
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)
