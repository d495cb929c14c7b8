"""The table of all rows, in words."""

import pandas as pd

from gates.exchange.rows import ROWS, Row, Stored

AT_END = {
    "zero": "0",
    "last": "the last output again; 0 in two directions",
    "goes on": "it goes on over the padding",
    "": "no lengths",
}


def table() -> pd.DataFrame:
    """A row for each layer and a column for each thing in which frameworks differ."""
    return pd.DataFrame([_in_words(row) for row in ROWS.values()]).set_index(["framework", "layer"])


def _in_words(row: Row) -> dict[str, str]:
    return {
        "framework": row.package,
        "layer": row.layer,
        "gates": ",\u00a0".join(row.order),
        "arrays": "; ".join(f"{name}: {shape}" for name, shape in _arrays(row)),
        "biases": biases(row),
        "reset": row.reset and f"{row.reset} the product",
        "z is the share of the": row.z_keeps and f"{row.z_keeps} state",
        "added to f": f"{row.offset:g}" if row.cell == "lstm" else "",
        "state": ", ".join(row.state),
        "starts at": _starts(row),
        "after the end": AT_END[row.at_end],
        "before the first step": "0, and the state waits" if row.at_front else "no mask",
        "two directions": row.together or "none of its own",
    }


def biases(row: Row) -> str:
    """How many biases each gate has."""
    second = {k for one in row.arrays if "d" in one.holds for k in one.gates or row.order}
    if not second:
        return "1"
    return "2" if second == set(row.order) else f"1, and a second of {', '.join(sorted(second))}"


def _arrays(row: Row) -> list[tuple[str, str]]:
    """Names and shapes; arrays that differ in the gate alone stand for each other."""
    found: dict[tuple[str, str], list[Stored]] = {}
    for one in row.arrays:
        found.setdefault((one.holds, one.shape), []).append(one)
    return [
        (
            alike[0].name if len(alike) == 1 else f"{alike[0].name} … {alike[-1].name}",
            _shape(row, alike[0]),
        )
        for alike in found.values()
    ]


def _shape(row: Row, one: Stored) -> str:
    gates = len(one.gates or row.order)
    units = "H" if gates == 1 else f"{gates}H"
    sizes = {"(g u)": units, "(s g u)": f"{2 * gates}H", "u": units, "s": "2"}
    sizes["i"] = {"W": "I", "U": "H", "W|U": "(I + H)"}.get(one.holds, "")
    axes = one.shape.replace("(g u)", "G").replace("(s g u)", "A").replace("(s G)", "A").split()
    return " × ".join(sizes[{"G": "(g u)", "A": "(s g u)"}.get(axis, axis)] for axis in axes)


def _starts(row: Row) -> str:
    found: dict[str, list[str]] = {}
    for one in row.arrays:
        if one.start is not None:
            names = found.setdefault(one.start.words, [])
            called = {"W": "W", "U": "U", "W|U": "W and U"}.get(one.holds, "biases")
            if called not in names:
                names.append(called)
    told = "; ".join(f"{', '.join(names)} {words}" for words, names in found.items())
    if row.start_f is not None:
        told += f", that of f {row.start_f:g}"
    return told or "a format has none"
