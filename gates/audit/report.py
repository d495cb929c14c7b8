"""What an audit has found, as a table of one row, sentences and code; for terminals, notebooks and tests."""

import html
from dataclasses import asdict, dataclass, field

NAMES = {"lstm": "an LSTM", "gru": "a GRU", "rnn": "a plain RNN"}
STATUSES = ("placed", "slip", "not placed", "could not run")


@dataclass(frozen=True, repr=False)
class Report:
    """What was found.

    status: placed, slip, not placed or could not run. kind: lstm, gru or rnn. order, recurrent_order: of W's and U's blocks.
    biases: 0, 1, 2, "1 and n's own". idle: arrays that act nowhere. state: its parts in order. slip: the id of a known slip.
    code: lines that bring torch's weights into it; reason: why they cannot be brought. sentences: what is said aloud.
    """

    name: str
    status: str
    framework: str = "by hand"
    kind: str = ""
    order: str = ""
    recurrent_order: str = ""
    arrays: str = ""
    joined: bool = False
    first: str = ""
    orientation: str = ""
    interleaved: bool = False
    biases: str = ""
    idle: tuple[str, ...] = ()
    reset: str = ""
    z: str = ""
    offset: float = 0.0
    projection: bool = False
    peepholes: str = ""
    state: str = ""
    gate: str = ""
    candidate: str = ""
    output: str = ""
    layers: int = 1
    directions: int = 1
    axes: str = ""
    gradients: str = ""
    padding: str | None = None
    slip: str = ""
    sentences: tuple[str, ...] = ()
    code: str = ""
    reason: str = ""
    differs: dict = field(default_factory=dict)

    @property
    def placed(self) -> bool:
        return self.status == "placed"

    @property
    def exit_code(self) -> int:
        return {"placed": 0, "could not run": 2}.get(self.status, 1)

    def row(self) -> dict[str, str]:
        """The row of the table: headings and what stands below them."""
        named = {
            "thing": self.name,
            "cell": {"lstm": "LSTM", "gru": "GRU", "rnn": "RNN"}.get(self.kind, "not known"),
            "gates": " ".join(self.order),
            "arrays": self.arrays,
            "biases": self.biases,
            "reset": self.reset,
            "z keeps": self.z,
            "added to f": f"{self.offset:g}" if self.kind == "lstm" else "",
            "state": self.state,
            "after the end": self.padding or "",
            "gradients": self.gradients,
        }
        return {heading: value for heading, value in named.items() if value}

    def as_dict(self) -> dict:
        return asdict(self)

    @classmethod
    def from_dict(cls, held: dict) -> "Report":
        tuples = {k: tuple(v) for k, v in held.items() if isinstance(v, list)}
        return cls(**held | tuples)

    def __str__(self) -> str:
        parts = [" ".join(self.sentences)]
        if self.kind:
            row = self.row()
            wide = [max(len(k), len(v)) for k, v in row.items()]
            lines = [
                "  ".join(t.ljust(n) for t, n in zip(of, wide, strict=True)).rstrip()
                for of in (row.keys(), row.values())
            ]
            parts.insert(0, "\n".join(lines))
        if self.code:
            parts.append("Bring torch's weights in with:\n\n" + _indented(self.code))
        elif self.reason:
            parts.append(self.reason)
        return "\n\n".join(parts)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        said = "".join(f"<p>{html.escape(s)}</p>" for s in (" ".join(self.sentences),))
        table = ""
        if self.kind:
            row = self.row()
            heads = "".join(f'<th scope="col">{html.escape(k)}</th>' for k in row)
            cells = "".join(f"<td>{html.escape(v)}</td>" for v in row.values())
            caption = f"<caption>What {html.escape(self.name)} follows</caption>"
            table = f"<table>{caption}<thead><tr>{heads}</tr></thead><tbody><tr>{cells}</tr></tbody></table>"
        code = f"<p>{html.escape(self.reason)}</p>" if self.reason else ""
        if self.code:
            code = (
                "<p>Bring torch's weights in with:</p>"
                f"<pre><code>{html.escape(self.code)}</code></pre>"
            )
        return said + table + code


def _indented(code: str) -> str:
    return "\n".join(f"    {line}" if line else "" for line in code.splitlines())
