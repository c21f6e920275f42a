#!/usr/bin/env python3
"""Write src/base/unicode_tables.inc: what Python's str methods know of characters.

    python3.13 tools/make_unicode.py > src/base/unicode_tables.inc

Everything is asked of the Python that runs this (str.lower, isalnum, isspace,
unicodedata), so that the tables answer as it does; its Unicode version is
stated in the file.  Checked into git: a build needs no Python.
"""
import sys
import unicodedata

PAGE = 128
LAST = 0x110000
WORD, SPACE, IGNORABLE, CASED, LOWERS = 1, 2, 4, 8, 16
SIGMA = "\u03a3"


def is_surrogate(code):
    return 0xD800 <= code < 0xE000


def case_flags(char):
    """As the rule for the final sigma sees char (CPython: handle_capital_sigma)."""
    after_cased = ("A" + char + SIGMA).lower().endswith("\u03c2")
    after_blank = (" " + char + SIGMA).lower().endswith("\u03c2")
    if after_cased and after_blank:
        return CASED
    return IGNORABLE if after_cased else 0


def record(code):
    """flags, combining class, distance to the lower case."""
    if is_surrogate(code):
        return 0, 0, 0
    char = chr(code)
    flags = case_flags(char)
    if char.isalnum() or char == "_":
        flags |= WORD
    if char.isspace():
        flags |= SPACE
    lower = char.lower()
    delta = 0
    if char == "\u0130":            # the one lower case of two characters
        assert lower == "i\u0307"
    else:
        assert len(lower) == 1
        delta = ord(lower) - code
    if lower != char:
        flags |= LOWERS
    return flags, unicodedata.combining(char), delta


def decomposition(code):
    """NFKD in UTF-8; None where it is the character itself or algorithmic (Hangul)."""
    if is_surrogate(code) or 0xAC00 <= code < 0xD7A4:
        return None
    char = chr(code)
    text = unicodedata.normalize("NFKD", char)
    return None if text == char else text.encode("utf-8")


def paged(values):
    """Page number per page of code points, and the distinct pages."""
    pages, index, numbers = [], [], {}
    for start in range(0, len(values), PAGE):
        page = tuple(values[start:start + PAGE])
        if page not in numbers:
            numbers[page] = len(pages)
            pages.append(page)
        index.append(numbers[page])
    return index, [value for page in pages for value in page]


def emit(kind, name, values):
    print("\nstatic const %s %s[%d] = {" % (kind, name, len(values)))
    line = "   "
    for value in values:
        item = " %d," % value
        if len(line) + len(item) > 80:
            print(line)
            line = "   "
        line += item
    print(line + "\n};")


def smallest(values):
    for bits in 8, 16, 32:
        if max(values) < 1 << bits:
            return "uint%d_t" % bits


def emit_paged(name, values):
    index, pages = paged(values)
    emit(smallest(index), name + "_index", index)
    emit(smallest(pages), name + "_pages", pages)


def main():
    records, numbers, of_code = [], {}, []
    for code in range(LAST):
        found = record(code)
        if found not in numbers:
            numbers[found] = len(records)
            records.append(found)
        of_code.append(numbers[found])
    pool, places, offsets = b"\0", {}, []
    for code in range(LAST):
        text = decomposition(code)
        if text is None:
            offsets.append(0)
            continue
        if text not in places:
            places[text] = len(pool)
            pool += bytes([len(text)]) + text
        offsets.append(places[text])
    print("/* unicode_tables.inc */")
    print("/* Made by tools/make_unicode.py from Python %d.%d, Unicode %s. */"
          % (sys.version_info[:2] + (unicodedata.unidata_version,)))
    print("\n/* Flags, combining class, distance to the lower case. */")
    print("static const CharacterRecord records[%d] = {" % len(records))
    for flags, combining, delta in records:
        print("    {%d, %d, %d}," % (flags, combining, delta))
    print("};")
    emit_paged("record", of_code)
    print("\n/* Where a decomposition starts: its size in bytes, then UTF-8. */")
    emit_paged("decomposition", offsets)
    emit("uint8_t", "decompositions", list(pool))


if __name__ == "__main__":
    main()
