"""What code writes into a page that people write: the lines between two markers, `<!-- name -->` and `<!-- /name -->`."""

import re


def between(page: str, marker: str, text: str) -> str:
    """A page with this text between its markers, and an empty line on either side of it.

    marker: the name in both of them, which has to stand on the page once; else ValueError.
    """
    begin, end = f"<!-- {marker} -->", f"<!-- /{marker} -->"
    found = re.findall(rf"^{re.escape(begin)}$.*?^{re.escape(end)}$", page, re.M | re.S)
    if len(found) != 1 or page.count(begin) != 1 or page.count(end) != 1:
        raise ValueError(
            f"There has to be one line `{begin}` and one line `{end}` below it, and nothing is written without them."
        )
    return page.replace(found[0], f"{begin}\n\n{text.strip()}\n\n{end}")
