"""Networks that translate: padding changes nothing, attention is what it says, beam search finds the best, files are exact."""

import itertools
import pickle
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import torch
from torch import Tensor
from torch.autograd import gradcheck
from torch.nn import functional as F

from gates.translation import CannotTranslate, ModelFileError, files
from gates.translation.attention import Additive, Dot, attention_step
from gates.translation.beam import beam_search, beam_step
from gates.translation.characters import Batch, Characters, Sign, in_batch
from gates.translation.decoder import KINDS, Decoder
from gates.translation.encoder import Encoder
from gates.translation.greedy import greedy, weights_of
from gates.translation.losses import character_loss, sentence_losses
from gates.translation.texts import Pair
from gates.translation.translator import Sizes, Translator
from gates.translation.typed import translate
from gates.variants import attend

PAIRS = [Pair("abc", "xy"), Pair("a", "yxyx"), Pair("cabba", "x"), Pair("bb", "")]
each_kind = pytest.mark.parametrize("kind", KINDS)


def randn(seed: int) -> Callable[..., Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return lambda *shape: torch.randn(*shape, generator=generator, dtype=torch.float64)


def made(kind: str = "dot", cell: str = "gru", both_ways: bool = True, seed: int = 0) -> Translator:
    """A small network in float64, whose weights are large enough for its scores to differ."""
    torch.manual_seed(seed)
    network = Translator(Characters("abc"), Characters("xy"), Sizes(kind, cell, both_ways, 3, 4))
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.mul_(2.5)
    return network.double().eval()


def batch(network: Translator, pairs: list[Pair] = PAIRS) -> Batch:
    return in_batch(pairs, network.source, network.target)


def padded(of: Batch, sources: int, targets: int) -> Batch:
    """The same batch with more padding, of which the numbers of the sources are no PAD."""
    more = torch.full((sources, of.sources.shape[1]), 5)
    pad = torch.full((targets, of.targets.shape[1]), int(Sign.PAD))
    return Batch(
        torch.cat([of.sources, more]),
        of.lengths,
        torch.cat([of.given, pad]),
        torch.cat([of.targets, pad]),
    )


def gradients(network: Translator, of: Batch) -> tuple[Tensor, list[Tensor]]:
    network.zero_grad()
    logits, _ = network(of)
    character_loss(logits, of.targets).backward()
    return logits.detach(), [p.grad.clone() for p in network.parameters()]


@pytest.mark.parametrize("both_ways", [True, False])
@pytest.mark.parametrize("cell", ["gru", "lstm"])
@each_kind
def test_padding_changes_nothing(kind: str, cell: str, both_ways: bool) -> None:
    network = made(kind, cell, both_ways)
    plain = batch(network)
    logits, slopes = gradients(network, plain)
    others, of_padded = gradients(network, padded(plain, sources=3, targets=2))
    torch.testing.assert_close(others[: len(logits)], logits, rtol=0, atol=1e-12)
    for one, other in zip(slopes, of_padded, strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=1e-12)
    assert sum(slope.abs().sum() for slope in slopes) > 0


@each_kind
def test_a_sample_alone_is_as_in_a_batch(kind: str) -> None:
    network = made(kind)
    together, _ = network(batch(network))
    for b, pair in enumerate(PAIRS):
        alone, _ = network(batch(network, [pair]))
        torch.testing.assert_close(together[: len(alone), b], alone[:, 0], rtol=0, atol=1e-12)


@each_kind
def test_all_steps_at_once_are_the_steps_one_by_one(kind: str) -> None:
    network = made(kind)
    of = batch(network)
    logits, weights = network(of)
    memory, h, _ = network.begun(of.sources, of.lengths)
    for t, characters in enumerate(of.given):
        scored, h, read = network.decoder.step(characters, h, memory)
        torch.testing.assert_close(scored, logits[t], rtol=0, atol=1e-12)
        if kind == "none":
            assert read is weights is None
        else:
            torch.testing.assert_close(read, weights[t], rtol=0, atol=1e-12)


@each_kind
def test_free_running_tells_the_decoder_its_own_characters(kind: str) -> None:
    network = made(kind, seed=3)
    of = batch(network)
    with torch.no_grad():
        free, _ = network(of, right=0.0)
        own = torch.cat([of.given[:1], free[:-1].argmax(-1)])
        told, _ = network(of._replace(given=own))
        torch.testing.assert_close(free, told, rtol=0, atol=1e-12)
        assert not torch.allclose(free, network(of)[0])
        torch.manual_seed(0)
        mixed, _ = network(of, right=0.5)
    assert torch.equal(mixed[0], free[0])


def test_the_attention_step_is_the_equation_of_its_paper() -> None:
    S, B, A, M = 4, 3, 5, 2
    draw = randn(1)
    query, keys, states, v = draw(B, A), draw(S, B, A), draw(S, B, M), draw(A)
    lengths = [4, 2, 0]
    mask = torch.arange(S)[:, None] < torch.tensor(lengths)
    context, weights = attention_step(query, keys, states, v, mask)
    for b, length in enumerate(lengths):
        scores = [v @ torch.tanh(query[b] + keys[s, b]) for s in range(length)]
        own = torch.stack(scores).softmax(0) if scores else v[:0]
        torch.testing.assert_close(weights[:length, b], own, rtol=0, atol=1e-12)
        assert (weights[length:, b] == 0).all()
        wanted = sum((own[s] * states[s, b] for s in range(length)), torch.zeros(M).double())
        torch.testing.assert_close(context[b], wanted, rtol=0, atol=1e-12)


def test_the_gradient_of_attention_is_right_also_where_nothing_may_be_read() -> None:
    draw = randn(2)
    mask = torch.tensor([[1, 1, 0], [1, 0, 0], [0, 1, 0]]).bool()
    query, keys, states, v = draw(3, 2), draw(3, 3, 2), draw(3, 3, 4), draw(2)
    inputs = [value.requires_grad_() for value in (query, keys, states, v)]
    assert gradcheck(lambda *values: attention_step(*values, mask), inputs)
    attention_step(*inputs, mask)[0].sum().backward()
    assert (states.grad[~mask] == 0).all() and (query.grad[2] == 0).all()
    for layer in (Additive(3, 4, 2).double(), Dot(3, 4).double()):
        asked, known = draw(3, 3).requires_grad_(), draw(3, 3, 4).requires_grad_()
        assert gradcheck(lambda q, s, layer=layer: layer(q, layer.keys(s), s, mask), (asked, known))


def test_dot_attention_is_that_of_the_library() -> None:
    draw = randn(3)
    query, states, mask = draw(2, 3, 5), draw(4, 3, 6), torch.rand(4, 3) < 0.7
    layer = Dot(5, 6, scale=False).double()
    context, weights = layer(query, states, states, mask)
    wanted = attend(query @ layer.W.weight.T, states, False, mask)
    assert torch.equal(context, wanted[0]) and torch.equal(weights, wanted[1])


@pytest.mark.parametrize("length", [0, 6])
def test_a_length_that_cannot_be_is_refused_in_a_sentence(length: int) -> None:
    encoder = Encoder(5, 2, 3)
    with pytest.raises(ValueError, match=r"from 1 to 5, .*leave empty texts out"):
        encoder(torch.zeros(5, 2, dtype=torch.long), torch.tensor([5, length]))


def test_unknown_kinds_are_refused() -> None:
    with pytest.raises(ValueError, match="no attention 'soft': choose none, dot, additive"):
        Decoder(5, 2, 3, 4, "soft")
    with pytest.raises(ValueError, match="no cell 'rnn' here: choose one of gru, lstm"):
        Encoder(5, 2, 3, "rnn")


def test_the_loss_of_each_sentence_is_that_of_the_sentence_alone() -> None:
    lengths, draw = [5, 1, 3], randn(4)
    logits, targets = draw(6, 3, 7).requires_grad_(), torch.zeros(6, 3, dtype=torch.long)
    for b, length in enumerate(lengths):
        targets[:length, b] = torch.randint(1, 7, (length,))
    losses = sentence_losses(logits, targets)
    for b, length in enumerate(lengths):
        alone = F.cross_entropy(logits[:length, b], targets[:length, b], reduction="sum")
        torch.testing.assert_close(losses[b], alone, rtol=0, atol=1e-12)
    torch.testing.assert_close(character_loss(logits, targets), losses.sum() / 9)
    character_loss(logits, targets).backward()
    assert (logits.grad[targets == Sign.PAD] == 0).all() and logits.grad.abs().sum() > 0


# Decoding


def all_texts(network: Translator, text: str, most: int) -> list[tuple[str, bool, float, int]]:
    """Every text that can be written in so many characters, with its log probability and its length, END included."""
    letters, found = [Sign.UNKNOWN, *range(4, len(network.target))], []
    for length in range(most + 1):
        for written in itertools.product(letters, repeat=length):
            ended = length < most
            said = torch.tensor([*written, Sign.END] if ended else written)
            sources = torch.tensor(network.source.encode(text))[:, None]
            given = torch.tensor([Sign.BEGIN, *written])[: len(said), None]
            of = Batch(sources, torch.tensor([len(text)]), given, said[:, None])
            total = -sentence_losses(network(of)[0], of.targets).item()
            found.append((network.target.decode(written), ended, total, len(said)))
    return found


@pytest.mark.parametrize("alpha", [0.0, 0.7, 1.5])
@each_kind
@torch.no_grad()
def test_a_beam_as_wide_as_all_texts_finds_them_in_their_order(kind: str, alpha: float) -> None:
    network, most = made(kind, seed=1), 3
    wanted = sorted(
        all_texts(network, "cab", most), key=lambda of: of[2] / of[3] ** alpha, reverse=True
    )
    found = beam_search(network, "cab", width=1000, alpha=alpha, most=most)
    assert [(of.text, of.ended) for of in found] == [(text, ended) for text, ended, *_ in wanted]
    totals = torch.tensor([of.log_probability for of in found])
    torch.testing.assert_close(totals, torch.tensor([total for _, _, total, _ in wanted]))


@each_kind
def test_a_beam_of_one_is_greedy(kind: str) -> None:
    for seed in range(4):
        network = made(kind, seed=seed)
        together = greedy(network, [pair.source for pair in PAIRS], most=7)
        for pair, wanted in zip(PAIRS, together, strict=True):
            (found,) = beam_search(network, pair.source, width=1, most=7)
            assert found[::2] == wanted[::2]
            assert found.log_probability == pytest.approx(wanted.log_probability)


def test_the_length_decides_between_texts_of_which_one_has_ended() -> None:
    """The longer one has the smaller probability, and the larger mean."""
    totals, lengths = torch.tensor([-2.0, -2.1]), torch.tensor([2, 3])
    ended = torch.tensor([True, False])
    log_probs = torch.full((2, 5), 0.2).log()
    first = {}
    for alpha in (0.0, 1.0):
        total, parents, characters = beam_step(totals, lengths, ended, log_probs, 1, alpha)
        first[alpha] = (parents.item(), characters.item(), round(total.item(), 2))
    assert first[0.0] == (0, Sign.END, -2.0)
    assert first[1.0][0] == 1 and first[1.0][2] == -3.71
    assert torch.equal(log_probs, torch.full((2, 5), 0.2).log())


def test_a_search_that_cannot_be_is_refused() -> None:
    for wrong in ({"width": 0}, {"most": 0}, {"alpha": -1}):
        with pytest.raises(ValueError, match="width and most have to be 1 at least"):
            beam_search(made(), "a", **wrong)
    with pytest.raises(ValueError, match="empty text"):
        greedy(made(), ["a", ""])


@pytest.mark.parametrize("kind", ["dot", "additive"])
def test_the_weights_of_a_map_add_up_to_one(kind: str) -> None:
    weights = weights_of(made(kind), "cab", "xyx")
    assert weights.shape == (4, 3)
    torch.testing.assert_close(weights.sum(1), torch.ones(4).double())


def test_without_attention_there_is_no_map() -> None:
    with pytest.raises(ValueError, match='train one with "dot" or "additive"'):
        weights_of(made("none"), "cab", "xyx")


# What somebody types


@cache
def single() -> Translator:
    return made(seed=5).float()


def test_a_text_that_is_typed_is_translated_by_the_best_of_a_beam() -> None:
    answer = translate(single(), "  cab\u00a0 ", most=6)
    best = beam_search(single(), "cab", most=6)[0]
    assert answer.text == best.text and ("come to an end" in answer.note) != best.ended


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "The text is empty: type some characters"),
        (" \u00a0\n", "The text is empty"),
        (None, "a NoneType where a text should be: write it in quotes"),
        (["a"], "a list where a text should be"),
    ],
)
def test_what_is_no_text_gets_a_sentence_and_no_traceback(text: object, says: str) -> None:
    with pytest.raises(CannotTranslate, match=says) as raised:
        translate(single(), text)
    assert raised.value._render_traceback_() == [str(raised.value)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("aΩb", "It has not learned “Ω”, and reads each as unknown: replace it"),
        ("aqrstuvw", "“q”, “r”, “s”, “t”, “u” and 2 more,"),
        ("a\u200b", "It has not learned zero width space, and"),
        ("日本", "It has learned none of these characters, so this is a guess: try a text in"),
    ],
)
def test_an_unseen_character_gets_a_sentence(text: str, says: str) -> None:
    answer = translate(single(), text, most=6)
    assert says in answer.note and str(answer) == f"{answer.text}\n{answer.note}"


def test_a_text_without_an_end_or_without_anything_gets_a_sentence() -> None:
    for character, says in ((5, "an end within 4 characters: shorten"), (2, "It wrote nothing")):
        network = made(seed=5)
        with torch.no_grad():
            network.decoder.head.bias.zero_()[character] = 100.0
        assert says in translate(network, "ab", most=4).note
    assert str(translate(network, "ab", most=4)).startswith("\n")


# Files


@pytest.mark.parametrize("cell", ["gru", "lstm"])
@each_kind
def test_a_network_comes_back_from_its_file_exactly(kind: str, cell: str, tmp_path: Path) -> None:
    network = made(kind, cell, both_ways=kind == "dot").float()
    again = files.load(files.save(network, tmp_path / "new folder" / "mine.pt"))
    assert (again.source, again.target) == (network.source, network.target)
    assert again.sizes == network.sizes and not again.training
    of = batch(network)
    assert torch.equal(network(of)[0], again(of)[0])
    assert translate(network, "cab") == translate(again, "cab")
    assert [file.name for file in (tmp_path / "new folder").iterdir()] == ["mine.pt"]


def test_a_file_that_is_cut_short_gets_a_sentence(tmp_path: Path) -> None:
    whole = files.save(single(), tmp_path / "mine.pt").read_bytes()
    for share in (0, 0.1, 0.5, 0.99):
        (tmp_path / "cut.pt").write_bytes(whole[: int(share * len(whole))])
        with pytest.raises(ModelFileError, match=r"cut\.pt is damaged or cut short: copy it"):
            files.load(tmp_path / "cut.pt")


def test_a_changed_bit_gets_a_sentence(tmp_path: Path) -> None:
    """torch.load itself reads other weights without a word."""
    network = single()
    file = files.save(network, tmp_path / "mine.pt")
    weights = network.decoder.head.weight.detach().numpy().tobytes()
    changed = bytearray(file.read_bytes())
    changed[changed.find(weights) + 6] ^= 1
    file.write_bytes(bytes(changed))
    torch.load(file, weights_only=True)
    with pytest.raises(ModelFileError, match=r"mine\.pt is damaged or cut short"):
        files.load(file)


def test_a_file_of_something_else_gets_a_sentence_and_runs_nothing(tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self):
            return Path.touch, (tmp_path / "was run",)

    (tmp_path / "evil.pt").write_bytes(pickle.dumps(Evil(), protocol=2))
    torch.save(Evil(), tmp_path / "evil too.pt")
    torch.save([1, 2], tmp_path / "list.pt")
    kept = torch.load(files.save(single(), tmp_path / "mine.pt"), weights_only=True)
    torch.save(kept | {"target": "xyz"}, tmp_path / "other.pt")
    torch.save({key: kept[key] for key in ("form", "source")}, tmp_path / "half.pt")
    for name, says in (
        ("evil.pt", "damaged or cut short"),
        ("evil too.pt", "holds no translator of this course"),
        ("list.pt", "holds no translator of this course"),
        ("other.pt", "do not fit together"),
        ("half.pt", "do not fit together"),
        ("none.pt", r"There is no file .*none\.pt"),
    ):
        with pytest.raises(ModelFileError, match=says) as raised:
            files.load(tmp_path / name)
        assert raised.value._render_traceback_() == [str(raised.value)]
    assert not (tmp_path / "was run").exists()


def test_a_save_that_fails_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files.save(single(), tmp_path / "mine.pt").read_bytes()

    def full(kept, file):
        file.write_bytes(b"half")
        raise OSError("No space left")

    monkeypatch.setattr(torch, "save", full)
    with pytest.raises(ModelFileError, match=r"mine\.pt cannot be written \(No space left\)"):
        files.save(single(), tmp_path / "mine.pt")
    assert (tmp_path / "mine.pt").read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["mine.pt"]
