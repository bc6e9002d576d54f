"""What a path says by its text: the names it is made of, and whether it lies below another."""


def names_in(path: str) -> list[str]:
    """Its names, without what names nothing; `..` stays, as links decide where that leads."""
    return [name for name in path.split("/") if name not in ("", ".")]


def is_below(path: str, folder: str) -> bool:
    """Whether a normal path is a folder or in it."""
    return path == folder or path.startswith(f"{folder.rstrip('/')}/")
