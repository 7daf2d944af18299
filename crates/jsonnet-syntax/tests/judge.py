#!/usr/bin/env python3
"""Compares what our parser accepts with what go-jsonnet accepts.

    pip install gojsonnet==0.22.0        # in a virtual environment
    cargo build --release -p jsonnet-syntax --example dump
    python crates/jsonnet-syntax/tests/judge.py target/release/examples/dump 100000 [FILE…]

Makes that many mutants of the seeds (the snippets below, the given files, and the `jsonnet` blocks of
given Markdown pages, such as crates/*/mdtest/*.md), asks both about seeds and mutants, and prints
every disagreement. Parsing and static analysis are judged, nothing is evaluated. Seeded: the same
arguments give the same mutants.
"""
import random
import re
import subprocess
import sys

SEEDS = [
    "function(ctx) { a: ctx.b, ['c' + 1]: [1, 2.5e-3, -4], d:: self.a, e+: { f: $.a } }",
    "local f(x, y=1) = x + y, g = function(z,) z; f(1, y=2) tailstrict",
    "{ local a = 1, local b(c) = c, assert a > 0 : 'no', x: a, 'y z'::: b(2), [null]: 1, m(p): p }",
    "[x + y for x in [1, 2] if x > 1 for y in [3] if y != x && true]",
    "{ local q = k, [k]+: q for k in ['a', 'b'] if k != 'a' }",
    "({ a: 1 } { a: super.a, b: 'a' in super, c: super['a'] } { local b = self, d: b.a }).a",
    "if 1 == 2 then error 'x' else assert true : 'm'; local a = 1, b = a; [a, b][0:1:1][::2]",
    "|||\n  text\n    more %s\n\n  end\n||| % [1] + |||-\n\tx\n|||",
    "@'a''b' + @\"c\"\"d\" + 'e\\u00e9\\n\\'' + \"\\ud83d\\ude00\" // comment\n # other\n /* c */ + ''",
    "local x = import 'a.libsonnet'; local y = importstr 'b'; importbin \"c\"",
    "!true || ~1 & 2 | 3 ^ 4 << 1 >> 2 <= 5 && -6 % +7 / 8 * 9 >= 1 && 'a' in { a: 1 } == true",
    "std.map(function(x) x { y: 1 }, std.get({}, 'a', default=[]))",
    "{ a: 1_000, b: 0.5e+10, c: 1E5, d: 0, e: null, f: { g: $.a, [$.b]: self } }",
    "{ [std.toString(i)]: i for i in std.range(1, 3) } + { a::: 1, b+:: 2, c+::: 3 }",
]
TOKENS = (
    "{ } [ ] ( ) , ; . : :: ::: +: +:: = == != < <= > >= + - * / % & && | || ^ ~ ! << >> $ ? ?? ||| "
    "|||- @ ' \" \\ # // /* */ \n \t \r assert else error false for function if import importstr "
    "importbin in local null self super tailstrict then true a b x std 0 1 01 1.5 1. .5 1e5 1e 1_0 "
    "_ é \ufeff 'a' \"b\" '\\u00e9' '\\x' '\\ud83d' @'c' $. [a]: for x in a: x=1 ':' '::' !! -- /**/ "
    "\u00a0 \x01 \x7f |||\n\ta\n|||"
).split(" ")
LEXEME = re.compile(r"\s+|[A-Za-z_]\w*|\d[\d.eE_+-]*|'[^']*'|\"[^\"]*\"|.", re.S)


def mutate(rng, seeds):
    """A seed, or a part of one, with a few tokens or characters changed."""
    text = rng.choice(seeds)
    if len(text) > 300 and rng.random() < 0.9:
        start = rng.randrange(len(text))
        text = text[start : start + rng.randrange(20, 300)]
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        if rng.random() < 0.8:
            parts = LEXEME.findall(text) or [""]
            at = rng.randrange(len(parts))
            kind = rng.randrange(6)
            if kind == 0:
                del parts[at]
            elif kind == 1:
                parts.insert(at, rng.choice(TOKENS))
            elif kind == 2:
                parts[at] = rng.choice(TOKENS)
            elif kind == 3:
                other = rng.randrange(len(parts))
                parts[at], parts[other] = parts[other], parts[at]
            elif kind == 4:
                parts.insert(at, parts[rng.randrange(len(parts))])
            else:
                parts = [part for part in parts if not part.isspace()] if rng.random() < 0.3 else parts[: at + 1]
            text = "".join(parts)
        else:
            at = rng.randrange(len(text) + 1)
            kind = rng.randrange(3)
            if kind == 0:
                text = text[:at] + text[at + 1 :]
            elif kind == 1:
                text = text[:at] + rng.choice("{}[]();:,.'\"\\|@#/*+-!$=&<> \n\tax01_e") + text[at:]
            else:
                text = text[:at] + text[at + rng.randrange(1, 10) :]
    return text


def snippets(name):
    """The seeds in a file: the file, or the Jsonnet blocks of a page."""
    text = open(name, encoding="utf-8").read()
    return re.findall(r"^```jsonnet[^\n]*\n(.*?)^```", text, re.S | re.M) if name.endswith(".md") else [text]


def verdict(text):
    """What go-jsonnet says: whether it accepts, and the first line of its error.

    Nothing is evaluated, for a mutant may be endless. The text stands where it is parsed and analysed
    but never forced: once in parentheses, once as a hidden field. Only what is one expression passes
    both, since what closes the one bracket early is wrong in the other.
    """
    import _gojsonnet

    for wrapped in (f"if true then null else (\n{text}\n)", f"{{ a::\n{text}\n}}"):
        try:
            _gojsonnet.evaluate_snippet("s", wrapped)
        except RuntimeError as error:
            return False, str(error).split("\n")[0]
    return True, ""


def ours(dump, texts):
    process = subprocess.Popen([dump], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    blob = b"".join(b"%d\n" % len(raw) + raw for raw in (text.encode() for text in texts))
    out, _ = process.communicate(blob)
    return out.decode().splitlines()


def main():
    dump, count, files = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
    seeds = SEEDS + [seed for name in files for seed in snippets(name)]
    rng = random.Random(20)
    texts = seeds + [mutate(rng, seeds) for _ in range(count)]
    lines = ours(dump, texts)
    assert len(lines) == len(texts), (len(lines), len(texts))
    accepted = wrong = deep = 0
    for text, line in zip(texts, lines):
        accepts, message = verdict(text)
        accepted += accepts
        # Our limit on nesting, which go-jsonnet does not have, is no disagreement of grammars.
        if accepts and line.startswith("reject expression-too-deep"):
            deep += 1
        elif accepts != (line == "accept"):
            wrong += 1
            if wrong <= 25:
                print(repr(text[:400]), "\n  go:", message or "accept", "\n  ours:", line)
    print(f"{len(seeds)} seeds, {len(texts)} texts, go-jsonnet accepts {accepted}, "
          f"{deep} of them beyond our nesting, {wrong} disagreements")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
