"""Evaluates programs with go-jsonnet: a JSON document per line in, one out."""

import json
import re
import resource
import sys

import _gojsonnet

PLACE = re.compile(r"program:(?:(\d+):(\d+)-(\d+)|\((\d+):(\d+)\)-\((\d+):(\d+)\))")


FRAMES = 500
# What has many frames may want more than there is.
MEMORY = 6 << 30
resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def evaluate(program, ctx, frames):
    return _gojsonnet.evaluate_snippet(
        "program", program, tla_codes={"ctx": json.dumps(ctx)}, max_stack=frames
    )


# What `error` and `assert` say when they fail themselves.
NOT_OWN = re.compile(
    r"RUNTIME ERROR: (Unexpected type \w+, expected boolean|couldn't manifest function as JSON)$"
)


def is_own(program, message):
    """Whether an error is the program's own: its innermost place is an `error` or an assertion."""
    if NOT_OWN.match(message.split("\n")[0]):
        return False
    for line in message.split("\n")[1:]:
        if line.startswith(("\t<std>", "\t<builtin>")):
            return False
        place = PLACE.match(line, 1) if line.startswith("\t") else None
        if place is None:
            # `\tField "a"\t` is a frame without a place, all else the message's own further lines.
            if line.startswith("\t") and line.endswith("\t"):
                return False
            continue
        row, column = place.group(1, 2) if place.group(1) else place.group(4, 5)
        text = program.encode().split(b"\n")[int(row) - 1][int(column) - 1 :]
        return text.startswith((b"error", b"assert"))
    return False


def outcome(program, ctx, frames):
    try:
        return "value", json.loads(evaluate(program, ctx, frames))
    except RecursionError:
        return "undecided", "the output is too deep for Python"
    except RuntimeError as error:
        message = str(error)
    first = message.splitlines()[0]
    # Inputs are small, so what goes so deep has no end.
    if "max stack frames exceeded" in first:
        return "failed", first
    # Without a place, the text was cut at a U+0000 that the program made itself.
    if first.startswith("RUNTIME ERROR") and "\n" not in message:
        return "undecided", first
    if is_own(program, message):
        return "user", first
    return "failed", first


def judge(program, inputs, to_first_failure, frames):
    if len(inputs) > 1:
        together = (
            f"function(ctx) local the_program = ({program}\n); "
            "[the_program(ctx=it) for it in ctx]"
        )
        try:
            return [("value", it) for it in json.loads(evaluate(together, inputs, frames))]
        except RuntimeError:
            pass
    outcomes = []
    for it in inputs:
        outcomes.append(outcome(program, it, frames))
        if to_first_failure and outcomes[-1][0] == "failed":
            break
    return outcomes


for line in sys.stdin:
    question = json.loads(line)
    answer = judge(
        question["program"],
        question["inputs"],
        question["to_first_failure"],
        question["frames"] or FRAMES,
    )
    print(json.dumps(answer), flush=True)
