"""The audit: what it says of layers, cells and functions in many hands' styles, right ones, slips and strangers."""

import importlib
import io
import subprocess
import sys
from contextlib import redirect_stderr
from pathlib import Path

import pytest
import torch
from torch import nn

import gates
from gates import cells, layers
from gates.audit import Report
from gates.audit.equations import CellWeights, run, step, usual
from gates.audit.equations import Network as Made
from gates.audit.files import of_file
from gates.audit.words import LAYER_SLIPS
from gates.exercises import MISTAKES

HERE = Path(__file__).resolve().parent
FOLDER = HERE / "audited"
FILES = ("right_lstm", "right_others", "slips", "strangers", "second_look")
STATUSES = ("not placed", "could not run")


@pytest.fixture(scope="module", autouse=True)
def audited():
    sys.path.insert(0, str(FOLDER))
    yield
    sys.path.remove(str(FOLDER))


def expected() -> list[tuple[str, str, object]]:
    sys.path.insert(0, str(FOLDER))
    try:
        found = [
            (file, name, what)
            for file in FILES
            for name, what in importlib.import_module(file).EXPECTED.items()
        ]
    finally:
        sys.path.remove(str(FOLDER))
    return found


ALL = expected()
REPORTS: dict[tuple[str, str], Report] = {}


def report_on(file: str, name: str) -> Report:
    if (file, name) not in REPORTS:
        REPORTS[file, name] = gates.audit(getattr(importlib.import_module(file), name))
    return REPORTS[file, name]


def as_expected(report: Report, what: object) -> bool:
    if isinstance(what, dict):
        return report.placed and {k: getattr(report, k) for k in what} == what
    if what in STATUSES:
        return report.status == what
    return (report.status, report.slip) == ("slip", what)


@pytest.mark.parametrize(("file", "name", "what"), ALL, ids=[name for _, name, _ in ALL])
def test_nothing_is_placed_falsely(file: str, name: str, what: object) -> None:
    """Nothing that should not be placed is; and what is, or has a name, has the right one."""
    report = report_on(file, name)
    if report.placed or report.slip:
        assert as_expected(report, what), (report.status, report.slip, str(report))
    if not isinstance(what, dict):
        assert not report.placed


def test_the_share_that_is_placed() -> None:
    right = [(f, n, w) for f, n, w in ALL if isinstance(w, dict) or w not in STATUSES]
    found = [as_expected(report_on(f, n), w) for f, n, w in right]
    missed = [n for (_, n, _), ok in zip(right, found, strict=True) if not ok]
    print(f"{sum(found)} of {len(found)} are placed or have their slip named; missed: {missed}.")
    assert sum(found) >= 0.95 * len(found), missed


def test_a_stranger_gets_no_name() -> None:
    for file, name, what in ALL:
        if what in STATUSES:
            report = report_on(file, name)
            assert (report.slip, report.code) == ("", "") or report.status == "not placed"
            assert report.slip == "" and report.sentences


def test_every_sentence_is_there_once() -> None:
    assert not LAYER_SLIPS.keys() & MISTAKES.keys()
    for file, name, _ in ALL:
        slip = report_on(file, name).slip
        assert not slip or (slip in LAYER_SLIPS) != (slip in MISTAKES)


@pytest.mark.parametrize("reset", ["after", "before"])
def test_the_usual_step_is_that_of_the_cells(reset: str) -> None:
    torch.manual_seed(0)
    I, H, B = 2, 3, 4
    for kind, ours in (
        ("lstm", cells.lstm_cell),
        ("gru", cells.gru_cell if reset == "after" else cells.gru_reset_before_cell),
        ("rnn", cells.rnn_cell),
    ):
        letters = {"lstm": "ifgo", "gru": "rzn", "rnn": "n"}[kind]
        G = len(letters)
        shapes = ((G * H, I), (G * H, H), (G * H,), (G * H,))
        weights = cells.Weights(*(torch.randn(*s, dtype=torch.float64) for s in shapes))
        blocks = CellWeights(*(dict(zip(letters, w.chunk(G), strict=True)) for w in weights))
        x, h, c = (torch.randn(B, n, dtype=torch.float64) for n in (I, H, H))
        made = step(usual(kind, reset=reset))(x, (h, c) if kind == "lstm" else (h,), blocks)
        there = ours(x, (h, c) if kind == "lstm" else h, weights)
        there = there if kind == "lstm" else (there,)
        for p, q in zip(made, there, strict=True):
            torch.testing.assert_close(p, q)


def test_layers_upon_layers_are_torchs() -> None:
    torch.manual_seed(0)
    layer = nn.GRU(2, 3, num_layers=2, bidirectional=True, dtype=torch.float64)
    of_cells = []
    for end in ("_l0", "_l0_reverse", "_l1", "_l1_reverse"):
        names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        held = (getattr(layer, name + end).chunk(3) for name in names)
        of_cells.append(CellWeights(*(dict(zip("rzn", w, strict=True)) for w in held)))
    xs = torch.randn(4, 2, 2, dtype=torch.float64)
    found = run(step(usual("gru")), "gru", of_cells, Made(2, 2), xs)
    ys, h_n = layer(xs)
    torch.testing.assert_close(found.ys, ys)
    torch.testing.assert_close(found.finals[0], h_n)


@pytest.mark.parametrize("package", [nn, layers], ids=["torch", "gates"])
@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU", "RNNCell", "LSTMCell", "GRUCell"])
def test_torchs_own_and_ours(package, kind: str) -> None:
    report = gates.audit(getattr(package, kind))
    assert (report.status, report.biases, report.gradients) == ("placed", "2", "agree")
    assert report.kind == kind.removesuffix("Cell").lower()
    assert report.code
    if package is nn and "Cell" not in kind:
        assert report.padding == "zero"


@pytest.mark.parametrize("sizes", [(4, 4), (1, 3), (3, 1), (20, 5), (15, 5)])
def test_live_layers_of_any_size(sizes: tuple[int, int]) -> None:
    for kind in (nn.LSTM, nn.GRU):
        report = gates.audit(kind(*sizes, batch_first=True))
        assert (report.status, report.axes, report.kind) == (
            "placed",
            "batch",
            kind.__name__.lower(),
        ), str(report)


def test_a_live_layer_is_left_as_it_was() -> None:
    torch.manual_seed(3)
    layer = nn.LSTM(3, 4, num_layers=2, dropout=0.5)
    layer.weight_hh_l0.requires_grad_(False)
    layer(torch.randn(5, 2, 3))[0].sum().backward()
    before = {n: (p.clone(), p.requires_grad, p.dtype) for n, p in layer.named_parameters()}
    grads = {n: None if p.grad is None else p.grad.clone() for n, p in layer.named_parameters()}
    state = torch.get_rng_state()
    for training in (True, False):
        layer.train(training)
        assert gates.audit(layer).placed
        assert layer.training is training
    assert torch.equal(torch.get_rng_state(), state)
    assert torch.get_default_dtype() is torch.float32
    for name, p in layer.named_parameters():
        value, wanted, dtype = before[name]
        assert torch.equal(p, value) and p.requires_grad is wanted and p.dtype is dtype
        assert grads[name] is None or torch.equal(p.grad, grads[name])
    assert "draws at random" in str(gates.audit(layer))


def test_a_layer_that_keeps_a_graph_is_left_as_it_was() -> None:
    """Such a one cannot be copied."""
    module = importlib.import_module("right_lstm").StateInside(3, 4)
    module(torch.randn(5, 2, 3))
    before = {name: p.clone() for name, p in module.named_parameters()}
    report = gates.audit(module)
    assert report.kind == "lstm" and report.placed
    assert all(torch.equal(p, before[name]) for name, p in module.named_parameters())


def test_the_lines_bring_torchs_weights_in() -> None:
    """They are run as they stand, on live things, against torch's own numbers."""
    right = importlib.import_module("right_lstm")
    others = importlib.import_module("right_others")
    torch.manual_seed(0)
    for made_from, torchs in (
        (right.OneLinear, nn.LSTM),
        (right.InDict, nn.LSTM),
        (right.FromTheRight, nn.LSTM),
        (right.TwoLayers, nn.LSTM),
        (right.OnnxOrder, nn.LSTM),
        (right.BothWays, nn.LSTM),
        (others.KerasLikeGRU, nn.GRU),
        (others.ElmanFromTheRight, nn.RNN),
    ):
        report = gates.audit(made_from)
        I, H = 3, 4
        thing = made_from(*((H, I) if made_from is others.KerasLikeGRU else (I, H)))
        first = report.axes == "batch"
        layer = torchs(I, H, report.layers, bidirectional=report.directions == 2, batch_first=first)
        exec(report.code, {"torch": torch, "thing": thing, "layer": layer})
        xs = torch.randn(2, 5, I) if first else torch.randn(5, 2, I)
        ys = thing(xs)
        ys = ys[0] if isinstance(ys, tuple) else ys
        ys = torch.stack(ys) if isinstance(ys, list) else ys
        torch.testing.assert_close(ys, layer(xs)[0], rtol=1e-5, atol=1e-6)


def test_why_weights_cannot_be_brought() -> None:
    assert "before the product" in report_on("right_others", "KerasOldGRU").reason
    assert "no room" in report_on("right_others", "BiasOutside").reason
    assert "activations" in report_on("right_lstm", "HardGates").reason


def test_what_a_report_looks_like() -> None:
    report = report_on("right_lstm", "TwoLinearsOneBias")
    said = str(report)
    assert "This is an LSTM. Its gates stand in the order f, i, g, o, in rows of" in said
    assert "It has one bias. Nothing is added to f." in said and "Gradients agree." in said
    page = report._repr_html_()
    assert page.count("<th scope=") == page.count("<td>") and "<caption>" in page
    assert Report.from_dict(report.as_dict()) == report
    far = report_on("strangers", "ForgetSquared")
    assert "The first step is an LSTM's; from the second on h differs" in str(far)


def command(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "gates.audit", *arguments],
        capture_output=True,
        text=True,
        cwd=HERE.parent,
        timeout=120,
    )


def test_the_command() -> None:
    done = command(f"{FOLDER / 'slips.py'}:RNNSigmoid")
    assert done.returncode == 1 and "sigmoid" in done.stdout, done.stderr
    assert command("nothing.py:Cell").returncode == 2


def in_file(tmp_path: Path, text: str, thing: str = "Cell", seconds: float = 20) -> Report:
    file = tmp_path / "handed_in.py"
    file.write_text(text, encoding="utf-8")
    with redirect_stderr(io.StringIO()):
        return of_file(f"{file}:{thing}", seconds)


CELL = """
import torch
from torch import nn

class Cell(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.a, self.b = nn.Linear(input_size, hidden_size), nn.Linear(hidden_size, hidden_size)

    def forward(self, x, h):
        return torch.tanh(self.a(x) + self.b(h))
"""


def test_a_file_that_prints_a_lot_and_has_a_main_block(tmp_path: Path, capfd) -> None:
    report = in_file(
        tmp_path,
        f'print("x" * 10**6)\n{CELL}\nif __name__ == "__main__":\n    raise SystemExit(3)\n',
    )
    assert (report.status, report.kind, report.exit_code) == ("placed", "rnn", 0)
    assert "xxx" not in capfd.readouterr().out


def test_a_file_that_raises_or_hangs(tmp_path: Path) -> None:
    report = in_file(tmp_path, "raise ValueError('not today')\n")
    assert report.exit_code == 2 and "ValueError: not today" in str(report)
    report = in_file(tmp_path, "while True:\n    pass\n", seconds=3)
    assert report.exit_code == 2 and "still running" in str(report)
    report = in_file(tmp_path, CELL, "Nowhere")
    assert report.exit_code == 2 and "it has Cell" in str(report)


def test_a_file_that_writes_where_it_should_not(tmp_path: Path) -> None:
    from gates.checks.grading import guards

    if not guards.version():
        pytest.skip("This system cannot keep a process from files.")
    target = tmp_path / "written.txt"
    report = in_file(tmp_path, f"open({str(target)!r}, 'w').write('x')\n{CELL}")
    assert report.exit_code == 2 and "PermissionError" in str(report)
    assert not target.exists()


def test_a_class_that_needs_other_arguments() -> None:
    report = report_on("strangers", "NeedsMore")
    assert report.exit_code == 2


def test_a_name_that_is_no_layer() -> None:
    assert gates.audit(3).exit_code == 2
    assert gates.audit(len).exit_code == 2


def test_it_is_one_thing_whichever_way_it_is_imported() -> None:
    import gates.audit as imported

    assert imported is gates.audit and callable(imported)


def test_a_model_around_a_layer_is_told_which_part_to_hand_in() -> None:
    class Model(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.reader, self.head = nn.GRU(3, 5), nn.Linear(5, 4)

        def forward(self, xs):
            return self.head(self.reader(xs)[0][-1])

    report = gates.audit(Model())
    assert report.status == "not placed"
    assert report.sentences[-1].startswith("It holds reader, with the arrays of a recurrent layer")
