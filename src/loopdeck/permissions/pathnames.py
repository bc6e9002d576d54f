"""The names that a path is made of, as every table of names is held against them."""


def names_in(path: str) -> list[str]:
    """All of them, without what names nothing; `..` stays, as links decide where that leads."""
    return [name for name in path.split("/") if name not in ("", ".")]
