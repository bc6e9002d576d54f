"""What every command says and how: sentences on stderr, texts in which nothing acts or hides."""

import gc
import sys


def loaded() -> None:
    """Everything is imported: collect garbage again, but never look at the modules."""
    gc.freeze()
    gc.enable()


def tell(sentence: str, hint: str = "") -> None:
    """Say something to the person, beside the data on stdout; a closed terminal hears nothing."""
    try:
        print(f"loopdeck: {one_line(sentence)}", file=sys.stderr)
        if hint:
            print(f"  {one_line(hint)}", file=sys.stderr)
    except OSError:
        return


def printable(text: str) -> str:
    """Lines in which nothing acts or hides: what is printed may come from a model or a file."""
    from loopdeck.visible import expose  # its tables are needed by no first frame

    return expose(text)


def one_line(text: str) -> str:
    """The same on one line, so that a text from outside cannot write a line of ours."""
    return printable(text).replace("\n", "⏎").replace("\t", "␉")


def printable_json(line: str) -> str:
    """The same JSON without what JSON allows and terminals obey or hide."""
    from loopdeck.visible import escape

    return escape(line)
