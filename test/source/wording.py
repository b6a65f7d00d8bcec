#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The wording linter: every string that a person can read (science: guidance-and-safety, section 5).

Reads the sentences of data/ (lang, guidance, checkin, safety) and the string literals of cli/ and src/,
says file, line, what is wrong and what to write instead, and measures how easy each group of strings
is to read:
  English  Flesch-Kincaid grade = 0.39 words/sentence + 11.8 syllables/word - 15.59
           (Kincaid, Fishburne, Rogers & Chissom 1975); grade 7 is read at about 12 years.
  German   fourth Wiener Sachtextformel = 0.2656 words/sentence + 0.2744 % words of three syllables
           or more - 1.693 (Bamberger & Vanecek 1984), a school year, too.
Syllables are runs of vowels (English without a silent e at the end). Placeholders count as a name;
sentences end at . ! ? or a line's end; those of fewer than six words (headings, labels) do not count.
"""
import json, os, re, sys

ROOT = sys.argv[1] if len(sys.argv) > 1 else "."
MOST = {"en": 7.5, "de": 7.5}  # grade of a group of strings for the couple
LEAST_WORDS = 6  # in a sentence that counts
FEW_WORDS = 60                 # fewer say nothing about how easy they are
# Commands that a couple types; the others are for researchers, and only their words are checked.
COUPLE = {"analyze", "say", "loop", "sheet", "practice", "checkin", "screen", "consent", "resources",
          "refer", "reflect", "help", "ask", "secret"}


def line_of(text, at):
    return text.count("\n", 0, at) + 1


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as f:
        return f.read()


def json_strings(path):
    """(line, key, string) of a flat JSON file of sentences."""
    text = read(path)
    for m in re.finditer(r'"((?:[^"\\]|\\.)*)"\s*:\s*"((?:[^"\\]|\\.)*)"', text):
        yield line_of(text, m.start()), m.group(1), json.loads('"' + m.group(2) + '"')


def block_strings(path):
    """Indented lines 'text ...', 'low ...' of files of blocks, with the block's name."""
    name = ""
    for n, line in enumerate(read(path).split("\n"), 1):
        if line and not line[0].isspace() and line[0] != "#":
            name = line.split()[-1]
        m = re.match(r"\s+(text|low|high|skip|title|note)\s+(.*)", line)
        if m:
            yield n, name, m.group(2)


def plain_strings(path):
    """A text of paragraphs: one string each, a list item its own."""
    text = read(path)
    for m in re.finditer(r"(?:(?!\n\s*\n|\n- )[\s\S])+", text):
        said = " ".join(m.group(0).strip(" -\n").split())
        if said and not said.startswith("version:"):
            yield line_of(text, m.start() + len(m.group(0)) - len(m.group(0).lstrip())), "", said


def csv_strings(path):
    for n, line in enumerate(read(path).split("\n"), 1):
        if line and line[0] != "#":
            yield n, "", line.replace(",", " ")


def c_strings(path):
    """String literals with words in them, neighbours joined, without the C around them."""
    text = read(path)
    pattern = re.compile(r'//[^\n]*|/\*[\s\S]*?\*/|#\s*include[^\n]*|\'(?:[^\'\\]|\\.)*\'|'
                         r'((?:"(?:[^"\\\n]|\\.)*"\s*)+)')
    for m in pattern.finditer(text):
        if not m.group(1):
            continue
        said = "".join(re.findall(r'"((?:[^"\\\n]|\\.)*)"', m.group(1)))
        said = said.replace("\\n", "\n").replace('\\"', '"').replace("\\t", " ")
        if len(re.findall(r"[A-Za-zÄÖÜäöüß]{2,}", said)) >= 2 and " " in said:
            yield line_of(text, m.start(1)), "", said


def language_of(path):
    m = re.search(r"[_/](de|es|fr)\.(json|txt)$|_(de|es|fr)\.", path)
    return "de" if m and "de" in m.groups() else "en" if not m else None


def sources():
    """(group, for the couple?, path, reader)"""
    for folder, reader in (("data/lang", json_strings), ("data/guidance", json_strings)):
        for f in sorted(os.listdir(os.path.join(ROOT, folder))):
            if f.endswith(".json"):
                yield f"{folder}/{f}", True, f"{folder}/{f}", reader
    for f in sorted(os.listdir(os.path.join(ROOT, "data/checkin"))):
        if f.endswith(".txt"):
            yield "data/checkin", True, f"data/checkin/{f}", block_strings
    for f in sorted(os.listdir(os.path.join(ROOT, "data/safety"))):
        if f.startswith("screen_"):
            yield f"data/safety/{f}", True, f"data/safety/{f}", block_strings
        elif f.startswith("consent_"):
            yield f"data/safety/{f}", True, f"data/safety/{f}", plain_strings
        elif f == "resources.csv":
            yield "data/safety/resources.csv", False, "data/safety/resources.csv", csv_strings
    for f in sorted(os.listdir(os.path.join(ROOT, "cli"))):
        if f.endswith(".c"):
            name = re.sub(r"^cmd_|\.c$", "", f)
            couple = name in COUPLE
            yield "cli, couple" if couple else "cli, research", couple, f"cli/{f}", c_strings
    for folder, _, files in sorted(os.walk(os.path.join(ROOT, "src"))):
        for f in sorted(files):
            if f.endswith(".c"):
                path = os.path.relpath(os.path.join(folder, f), ROOT)
                yield "src, messages", False, path, c_strings


# ---- words ---------------------------------------------------------------------------------------

def table(path, columns):
    for n, line in enumerate(read(path).split("\n"), 1):
        if line.strip() and line[0] != "#":
            cells = [c.strip() for c in re.split(r" \| ", line)]
            if len(cells) != columns:
                sys.exit(f"{path}:{n}: {columns} columns divided by ' | ' are needed")
            yield cells


def banned():
    allowed = {(f, p) for f, p, _ in table("data/wording/allowed.txt", 3)}
    rules = {l: [(p, re.compile(r"(?<!\w)(?:" + p + r")(?!\w)", re.I), fix)
                 for p, fix in table(f"data/wording/banned_{l}.txt", 2)] for l in ("en", "de")}
    return rules, allowed


# ---- how easy it reads ---------------------------------------------------------------------------

def syllables(word, language):
    word = word.lower()
    if language == "en":
        word = re.sub(r"(?<=[^aeiouyl])e$|(?<=[aeiouy]l)e$|(?<=[^aeioutd])ed$|(?<=[^aeiouyscgzx])es$", "", word)
        return max(1, len(re.findall(r"[aeiouy]+", word)))
    return max(1, len(re.findall(r"ei|ie|eu|äu|au|ai|[aeiouyäöü]", word)))


def measure(strings, language):
    sentences = words = total = long = 0
    for said in strings:
        said = re.sub(r"\{[^}]*\}|%[-+ #0-9.*]*[a-zA-Z]+|`[^`]*`", " Ann ", said)
        for s in re.split(r"[.!?]+(?:\s|$)|\n+", said):
            w = re.findall(r"[A-Za-zÄÖÜäöüß][A-Za-zÄÖÜäöüß']*", s)
            if len(w) < LEAST_WORDS:  # headings and labels would make a page look easy
                continue
            n = [syllables(x, language) for x in w]
            sentences += 1
            words += len(w)
            total += sum(n)
            long += sum(k >= 3 for k in n)
    if words < FEW_WORDS:
        return words, None
    if language == "en":
        return words, 0.39 * words / sentences + 11.8 * total / words - 15.59
    return words, 0.2656 * words / sentences + 0.2744 * 100 * long / words - 1.693


def check_words(path, language, strings, rules, allowed):
    wrong = 0
    for line, _, said in strings:
        for pattern, regex, fix in rules[language]:
            m = regex.search(said)
            if m and (path, pattern) not in allowed:
                print(f"{path}:{line}: '{m.group(0)}': write instead: {fix}")
                wrong += 1
    return wrong


def check_required(said):
    wrong = 0
    for path, key, pattern in table("data/wording/required.txt", 3):
        text = [s for _, k, s in said.get(path, []) if k == key]
        if not text or not re.search(pattern, text[0]):
            print(f"{path}: '{key}' must say /{pattern}/" + ("" if text else " and is not there"))
            wrong += 1
    return wrong


def self_test():
    rules, _ = banned()
    cases = [("en", "your partner is cold", 1), ("en", "This is safe.", 1), ("en", "safe to say no", 0),
             ("en", "nothing was flagged", 0), ("de", "Ihr seid sicher.", 1), ("de", "er ignoriert dich", 1),
             ("en", "a toxic pattern", 1), ("en", "an intoxicating smell", 0)]
    for language, said, want in cases:
        got = sum(bool(r.search(said)) for _, r, _ in rules[language])
        if got != want:
            sys.exit(f"self-test: '{said}' gave {got}, not {want}")
    if not 1 < measure(["The cat sat on the mat and it was warm. " * 10], "en")[1] + 2 < 6:
        sys.exit("self-test: an easy text is not easy")


def main():
    self_test()
    rules, allowed = banned()
    wrong, groups, said, count = 0, {}, {}, 0
    for group, couple, path, reader in sources():
        language = language_of(path)
        if not language:
            continue
        strings = list(reader(path))
        said[path] = strings
        count += len(strings)
        wrong += check_words(path, language, strings, rules, allowed)
        if couple:
            groups.setdefault((group, language), []).extend(s for _, _, s in strings)
    wrong += check_required(said)
    for (group, language), strings in groups.items():
        words, grade = measure(strings, language)
        if grade is None:
            print(f"{group}: {words} words, too few to measure")
            continue
        print(f"{group}: {words} words, grade {grade:.1f} (at most {MOST[language]})")
        if grade > MOST[language]:
            print(f"{group}: too hard to read: shorter sentences, shorter words")
            wrong += 1
    print(f"{count} strings read, {wrong} complaints")
    return 1 if wrong or count < 1000 else 0


sys.exit(main())
