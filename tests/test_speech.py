"""Spoken digits: sounds and files, features that equal librosa's, voices kept apart, a network that padding does not change."""

import importlib
import os
import struct
import subprocess
import sys
import wave
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from gates.speech import espeak, pool, run, standin
from gates.speech.budget import Budget
from gates.speech.digits import Corpus, in_batch
from gates.speech.espeak import Voice
from gates.speech.files import ModelFileError, load, save
from gates.speech.hearing import hear
from gates.speech.known import librosas
from gates.speech.letters import BLANK, LETTERS, WORDS, decode, encode
from gates.speech.mel import HOP, M, N, features, filterbank, hertz, log_mel, mel
from gates.speech.model import LAYERS, Listener
from gates.speech.pool import Order, said
from gates.speech.run import understood
from gates.speech.scores import word_errors
from gates.speech.sound import RATE, Sound, at_rate
from gates.speech.training import train
from gates.speech.wav import CannotHear, read_wav, write_wav
from gates.training import COLUMNS

digits = importlib.import_module("gates.speech.digits")  # the package has a function of that name
HERE = Path(__file__).parent
QUICK = {"steps": 6, "every": 2, "hidden": 8, "batch_size": 4, "progress": False}
ORDERS = [Order("one two", 0, 160, 50), Order("three", 1, 150, 40)]
needs_espeak = pytest.mark.skipif(
    espeak.version() is None, reason="There is no espeak-ng here, so nothing can be said with it."
)


@pytest.fixture(autouse=True)
def one_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATES_HOME", str(tmp_path / "home"))
    torch.set_num_threads(1)


@pytest.fixture
def fewer(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Seven voices that say two strings each besides the digits alone."""
    monkeypatch.setattr(digits, "VOICES", digits.VOICES[:7])
    monkeypatch.setattr(digits, "STRINGS", 2)
    monkeypatch.setattr(digits, "LEAST", 5)
    digits.digits.cache_clear(), digits.pool.cache_clear()
    yield
    digits.digits.cache_clear(), digits.pool.cache_clear()


@pytest.fixture
def few(fewer: None) -> Corpus:
    return digits.digits(0, stand_in=True)


def tone(seconds: float = 0.5, rate: int = RATE, f: float = 440.0) -> Sound:
    return Sound(0.5 * np.sin(2 * np.pi * f * np.arange(round(seconds * rate)) / rate), rate)


def timeless(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["metric"] != "seconds"].reset_index(drop=True)


# Sounds and files


def test_another_rate_keeps_length_and_pitch_and_filters_what_it_cannot_hold() -> None:
    sound = tone(0.5, 44_100)
    slower = at_rate(sound)
    assert slower.rate == RATE and slower.seconds == pytest.approx(0.5)
    assert np.abs(slower.samples - tone().samples)[200:-200].max() < 2e-3
    assert np.abs(at_rate(tone(0.5, 44_100, 12_000)).samples)[200:-200].max() < 5e-3
    assert at_rate(slower) is slower
    with pytest.raises(ValueError, match="rate is 0"):
        at_rate(sound, 0)


def test_a_file_gives_back_what_was_written(tmp_path: Path) -> None:
    file = write_wav(tone(0.1, 22_050), tmp_path / "a.wav")
    sound = read_wav(file)
    assert sound.rate == 22_050 and sound.samples.dtype == np.float64
    assert np.abs(sound.samples - tone(0.1, 22_050).samples).max() <= 0.5 / 2**15
    loud = read_wav(write_wav(Sound(np.array([2.0, -2.0])), tmp_path / "b.wav"))
    assert loud.samples.tolist() == [1 - 2**-15, -1.0]


def test_a_header_that_claims_more_than_there_is_is_not_believed(tmp_path: Path) -> None:
    raw = bytearray(write_wav(tone(0.1), tmp_path / "a.wav").read_bytes())
    raw[4:8] = raw[40:44] = struct.pack("<I", 0x7FFFF000)
    (tmp_path / "b.wav").write_bytes(raw)
    assert len(read_wav(tmp_path / "b.wav").samples) == 1600
    (tmp_path / "b.wav").write_bytes(raw[:-1])
    assert len(read_wav(tmp_path / "b.wav").samples) == 1599


def written(file: Path, channels: int = 1, width: int = 2, frames: int = 10) -> None:
    with wave.open(str(file), "wb") as wav:
        wav.setnchannels(channels), wav.setsampwidth(width), wav.setframerate(RATE)
        wav.writeframes(bytes(channels * width * frames))


def floats(file: Path) -> None:
    written(file)
    raw = bytearray(file.read_bytes())
    raw[20:22] = struct.pack("<H", 3)
    file.write_bytes(raw)


@pytest.mark.parametrize(
    "make, sentence",
    [
        (lambda file: None, "There is no file"),
        (lambda file: file.mkdir(), "cannot be read"),
        (lambda file: file.write_bytes(b""), "cut short or empty"),
        (lambda file: file.write_bytes(b"RIFF\0\0\0\0WAVEfmt "), "cut short|no WAV file"),
        (lambda file: file.write_text("ID3 and other letters of an MP3 " * 9), "is no WAV file"),
        (lambda file: written(file, channels=2), "has 2 channels: save it as one"),
        (lambda file: written(file, width=1), "samples of 8 bits"),
        (lambda file: written(file, width=3), "samples of 24 bits"),
        (lambda file: written(file, width=4), "samples of 32 bits"),
        (floats, "floats or compressed"),
        (lambda file: written(file, frames=0), "has no samples"),
    ],
)
def test_a_bad_file_has_a_sentence(
    make: Callable[[Path], object], sentence: str, tmp_path: Path
) -> None:
    make(tmp_path / "a.wav")
    with pytest.raises(CannotHear, match=sentence) as found:
        read_wav(tmp_path / "a.wav")
    assert found.value._render_traceback_() == [str(found.value)]


def test_what_cannot_be_written_has_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CannotHear, match="no numbers"):
        write_wav(Sound(np.array([0.0, np.nan])), tmp_path / "a.wav")
    with pytest.raises(CannotHear, match="cannot be written"):
        write_wav(tone(), tmp_path / "none" / "a.wav")


# Features and letters


def test_features_equal_those_of_librosa() -> None:
    kept, bank = librosas(), filterbank()
    assert bank.shape == (M, N // 2 + 1) and kept.made_with.startswith("librosa 0.11.0")
    np.testing.assert_allclose(bank, kept.bank, atol=1e-12)
    np.testing.assert_allclose(log_mel(kept.samples, bank, HOP), kept.log_mel, atol=1e-9)


def test_features_equal_those_of_the_librosa_that_is_installed() -> None:
    pytest.importorskip(
        "librosa", reason="librosa is not installed, so its numbers in the file count."
    )
    sys.path.insert(0, str(HERE))
    try:
        theirs = importlib.import_module("librosas_log_mel")
    finally:
        sys.path.remove(str(HERE))
    np.testing.assert_allclose(filterbank(), theirs.bank(), atol=1e-12)
    samples = theirs.signal(1_000)
    np.testing.assert_allclose(
        log_mel(samples, filterbank(), HOP), theirs.log_mel(samples), atol=1e-9
    )


def test_a_tone_is_loudest_in_the_band_it_lies_in() -> None:
    assert mel(1000.0) == pytest.approx(1000, abs=0.1)
    np.testing.assert_allclose(hertz(mel(np.array([0.0, 440.0, 8000.0]))), [0, 440, 8000])
    heard = features(tone(f=1000.0))
    assert heard.shape == (1 + (8000 - N) // HOP, M) and heard.dtype == torch.float32
    band = round(float(mel(1000.0) / mel(RATE / 2)) * (M + 1)) - 1
    assert (heard.argmax(1) == band).all()
    assert len(features(Sound(np.zeros(N)))) == 1 and len(features(Sound(np.zeros(N - 1)))) == 0
    assert torch.allclose(features(Sound(np.zeros(N))), torch.tensor(np.log(1e-6)).float())
    with pytest.raises(ValueError, match=r"44,100 samples a second: convert it with at_rate"):
        features(tone(rate=44_100))
    with pytest.raises(ValueError, match="lower limit first"):
        filterbank(low=5000, high=400)


def test_letters_are_numbers_and_back() -> None:
    assert LETTERS[BLANK] == "" and LETTERS[1] == " " and len(LETTERS) == 17
    text = " ".join(WORDS)
    assert decode(encode(text)) == text and BLANK not in encode(text)
    assert decode(torch.tensor([0, *encode("two"), 0])) == "two"
    with pytest.raises(ValueError, match="no “a” in the ten words"):
        encode("cat"[1:])


# Who speaks


@needs_espeak
def test_espeak_says_the_same_again_and_another_voice_something_else() -> None:
    voice = Voice("m3", "en-us")
    sound = espeak.speak("four two", voice, 150, 40)
    assert sound.rate == RATE and 0.3 < sound.seconds < 2
    assert np.abs(sound.samples).max() > 0.1
    assert np.array_equal(espeak.speak("four two", voice, 150, 40).samples, sound.samples)
    assert espeak.speak("four two", voice, 200, 40).seconds < sound.seconds
    for other in (Voice("f2", "en-us"), Voice("m3", "en-gb-scotland")):
        there = espeak.speak("four two", other, 150, 40).samples
        assert there.shape != sound.samples.shape or np.abs(there - sound.samples).max() > 0.01


@needs_espeak
@pytest.mark.parametrize(
    "of, sentence",
    [
        (("one", Voice("nobody", "en-us")), r"no voice en-us\+nobody"),
        (("one", Voice("m3", "en-xx")), r"no voice en-xx\+m3"),
        ((" ", Voice("m3", "en-us")), "text is empty"),
        (("one", Voice("m3", "en-us"), 20), "from 80 to 450"),
        (("one", Voice("m3", "en-us"), 160, 100), "from 0 to 99"),
    ],
)
def test_what_espeak_cannot_say_has_a_sentence(of: tuple, sentence: str) -> None:
    with pytest.raises(CannotHear, match=sentence):
        espeak.speak(*of)


@needs_espeak
def test_all_voices_are_installed_and_different() -> None:
    assert len(set(digits.VOICES)) == len({voice.variant for voice in digits.VOICES}) == 28
    assert {voice.accent for voice in digits.VOICES} == set(digits.ACCENTS)
    assert [voice for voice in digits.VOICES if not espeak.is_there(voice)] == []


def test_the_stand_in_says_each_word_its_own_way_and_the_same_again() -> None:
    one = standin.speak("one", 3)
    assert np.array_equal(standin.speak("one", 3).samples, one.samples)
    assert one.rate == RATE and np.abs(one.samples).max() == pytest.approx(0.7)
    heard = [features(standin.speak(word, 3)).mean(0) for word in WORDS]
    assert min((a - b).abs().max() for k, a in enumerate(heard) for b in heard[:k]) > 0.2
    voices = [features(standin.speak("nine", k)).mean(0) for k in range(6)]
    assert min((a - b).abs().max() for k, a in enumerate(voices) for b in voices[:k]) > 0.2
    assert standin.speak("one", 3, 200).seconds < one.seconds
    with pytest.raises(ValueError, match="these words only"):
        standin.speak("ten", 0)


def test_what_was_said_is_kept_and_what_is_damaged_is_said_again(tmp_path: Path) -> None:
    asked = []

    def say(of: Order) -> Sound:
        asked.append(of)
        return standin.speak(*of)

    def again(by: str = "us") -> list[torch.Tensor]:
        asked.clear()
        return said(ORDERS, say, by, ["a", "b"])

    first = again()
    assert sorted(asked) == sorted(ORDERS) and [len(of) for of in first] != [len(first[0])] * 2
    assert all(map(torch.equal, again(), first)) and not asked
    (file,) = (tmp_path / "home" / "speech").iterdir()
    assert file == pool.place(ORDERS, "us", ["a", "b"])
    raw = file.read_bytes()
    for damaged in (raw[:-200], b"", b"something else", raw[:600] + b"\x01" + raw[601:]):
        file.write_bytes(damaged)
        assert all(map(torch.equal, again(), first)) and len(asked) == 2
        assert file.read_bytes() == raw
    np.savez(file, frames=np.zeros((3, M), "float32"), lengths=np.array([1, 3]))
    assert all(map(torch.equal, again(), first)) and len(asked) == 2
    assert len(again("others")) == 2 and len(asked) == 2, "who speaks tells files apart"


def test_where_nothing_can_be_kept_it_is_said_anyway(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "home").write_text("no folder")
    assert len(said(ORDERS, lambda of: standin.speak(*of), "us", [])) == 2
    assert "Nothing can be kept" in capsys.readouterr().out


def test_no_voice_is_in_two_parts_and_held_out_are_strings_alone(few: Corpus) -> None:
    voices = [{of.voice for of in few.part(part)} for part in digits.PARTS]
    assert [len(of) for of in voices] == [4, 1, 2] and len(set.union(*voices)) == 7
    assert len(few.training) == 4 * 12 and len(few.validation) == 2 and len(few.test) == 4
    assert all(2 <= len(of.text.split()) <= 4 for of in few.validation + few.test)
    assert few.spoken_by == digits.STAND_IN
    other = digits.digits(1, stand_in=True)
    assert {of.voice for of in other.test} != voices[2]
    with pytest.raises(ValueError, match="The part is"):
        few.part("held out")


def test_what_is_said_is_drawn_by_the_voice_alone() -> None:
    orders = digits.ordered(5)
    assert orders == digits.ordered(5) and orders != digits.ordered(6)
    assert [of.text for of in orders[:10]] == list(WORDS) and len(orders) == 18
    of_all = [of for k in range(28) for of in digits.ordered(k)]
    assert {len(of.text.split()) for of in of_all} == {1, 2, 3, 4}
    speeds, pitches = [of.speed for of in of_all], [of.pitch for of in of_all]
    assert (min(speeds), max(speeds)) == (120, 200) and (min(pitches), max(pitches)) == (30, 70)


def test_without_espeak_the_stand_in_speaks_and_says_so(
    fewer: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(espeak, "version", lambda: None)
    corpus = digits.digits(0)
    assert corpus.spoken_by == "a stand-in: buzzes, not speech"
    told = capsys.readouterr().out
    assert "There is no espeak-ng here" in told and espeak.HOW_TO_GET in told


def test_an_espeak_with_fewer_voices_is_used_as_far_as_it_goes(
    fewer: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lacking = list(digits.VOICES[2:3])
    monkeypatch.setattr(espeak, "version", lambda: "1.4")
    monkeypatch.setattr(espeak, "is_there", lambda voice: voice not in lacking)
    by_place = {voice: k for k, voice in enumerate(digits.VOICES)}
    monkeypatch.setattr(espeak, "speak", lambda t, v, s, p: standin.speak(t, by_place[v], s, p))
    corpus = digits.digits(0)
    voices = {of.voice for part in digits.PARTS for of in corpus.part(part)}
    assert corpus.spoken_by == "espeak-ng 1.4" and len(voices) == 6
    assert str(digits.VOICES[2]) not in voices
    assert f"espeak-ng 1.4 lacks {digits.VOICES[2]}" in capsys.readouterr().out
    lacking.extend(digits.VOICES[3:6])
    digits.digits.cache_clear(), digits.pool.cache_clear()
    assert digits.digits(0).spoken_by == digits.STAND_IN
    assert "has 3 of the 7 voices" in capsys.readouterr().out


# The network


@pytest.mark.parametrize("both_ways", [True, False])
@pytest.mark.parametrize("cell", LAYERS)
def test_padding_changes_nothing(cell: str, both_ways: bool) -> None:
    torch.manual_seed(2)
    listener = Listener(5, cell, both_ways, M=6).double()
    lengths = torch.tensor([7, 12, 2, 9])
    xs = torch.randn(13, 4, 6).double()
    listener.adapt([xs[:, 0], xs[:, 1] + 1])
    log_probs, steps = listener(xs, lengths)
    assert log_probs.shape == (6, 4, len(LETTERS)) and steps.tolist() == [3, 6, 1, 4]
    assert torch.allclose(log_probs.exp().sum(-1), torch.ones(6, 4).double())
    xs_too = xs.clone()
    for k, length in enumerate(lengths.tolist()):
        xs_too[length // 2 * 2 :, k] = 1e3
    again, _ = listener(xs_too, lengths)
    for k, (length, T) in enumerate(zip(lengths.tolist(), steps.tolist(), strict=True)):
        alone, _ = listener(xs[:length, k : k + 1], lengths[k : k + 1])
        torch.testing.assert_close(log_probs[:T, k], alone[:, 0], rtol=0, atol=1e-12)
        torch.testing.assert_close(again[:T, k], alone[:, 0], rtol=0, atol=1e-12)


def test_two_frames_are_one_step_and_are_scaled() -> None:
    torch.manual_seed(2)
    listener = Listener(5, "lstm", False, M=3).double()
    xs = 4 + 2 * torch.randn(6, 1, 3).double()
    listener.adapt([xs[:, 0]])
    scaled = (xs[:, 0] - xs[:, 0].mean(0)) / xs[:, 0].std(0)
    expected = listener.head(listener.layer(scaled.reshape(3, 6))[0]).log_softmax(-1)
    torch.testing.assert_close(listener(xs, torch.tensor([6]))[0][:, 0], expected)


def test_what_no_listener_can_be_or_hear_has_a_sentence() -> None:
    with pytest.raises(ValueError, match="choose one of lstm, gru, rnn"):
        Listener(cell="transformer")
    for bad in ([1, 4], [4, 9]):
        with pytest.raises(ValueError, match="from 2 to 8"):
            Listener()(torch.zeros(8, 2, M), torch.tensor(bad))
    with pytest.raises(ValueError, match="no utterance"):
        in_batch([])
    for bad in ({"steps": 0}, {"hidden": 0}, {"clip": 0.0}, {"seeds": [1, 1]}):
        with pytest.raises(ValueError):
            Budget(**bad)


def test_it_learns(few: Corpus) -> None:
    words = tuple(of for of in few.training if " " not in of.text)[:20]
    corpus = replace(few, training=words, validation=words, test=words)
    settings = {"steps": 100, "every": 50, "hidden": 24, "learning_rate": 0.02, "progress": False}
    table, (listener,) = train(corpus, "lstm", **settings)
    values = table.set_index(["metric", "step"])["value"]
    assert values["loss", 100] < 0.5 < values["loss", 50]
    assert values["test", 100] < 0.4 and values["test letters", 100] < 0.2
    said_by_it = understood(listener, words)
    assert values["test", 100] == word_errors(said_by_it, [of.text for of in words])


def test_the_table_is_tidy_and_the_same_again(few: Corpus) -> None:
    table, listeners = train(few, "gru", seeds=[3, 1], **QUICK)
    assert list(table.columns) == list(COLUMNS) and len(listeners) == 2
    assert set(table["metric"]) == {
        *("loss", "seconds", "validation", "validation letters", "test", "test letters")
    }
    assert set(table["task"]) == {"spoken digits"} and set(table["cell"]) == {"gru, both ways"}
    again, others = train(lambda seed: few, "gru", seeds=[3, 1], **QUICK)
    pd.testing.assert_frame_equal(timeless(again), timeless(table))
    for one, other in zip(listeners, others, strict=True):
        assert not one.training and all(map(torch.equal, one.parameters(), other.parameters()))
    frames = torch.cat([of.features for of in few.training])
    torch.testing.assert_close(listeners[0].mean, frames.mean(0), rtol=1e-4, atol=1e-4)
    other, _ = train(few, "gru", label="mine", both_ways=False, **QUICK)
    assert set(other["cell"]) == {"mine"}


def test_a_run_that_was_stopped_goes_on_and_ends_as_if_nothing_had_been(
    few: Corpus, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    undisturbed, (right,) = train(few, "lstm", **QUICK)
    steps, drawn = [], run.drawn
    clock = count()  # of which an update takes one second
    monkeypatch.setattr(run.time, "process_time", lambda: float(next(clock)))

    def stopping(utterances, size, seed, step):
        steps.append(step)
        if len(steps) == 6:
            raise KeyboardInterrupt
        return drawn(utterances, size, seed, step)

    monkeypatch.setattr(run, "drawn", stopping)
    with pytest.raises(KeyboardInterrupt):
        train(few, "lstm", **QUICK)
    assert "it goes on from update 4 of 6." in capsys.readouterr().out
    torch.manual_seed(5)  # the state of torch's own generator makes no difference
    table, (listener,) = train(few, "lstm", **QUICK)
    assert steps[6:] == [4, 5]
    pd.testing.assert_frame_equal(timeless(table), timeless(undisturbed))
    assert table[table["metric"] == "seconds"]["value"].tolist() == [2.0, 4.0, 6.0]
    assert all(map(torch.equal, listener.parameters(), right.parameters()))


# Files, and what somebody has recorded


def of_noise(cell: str = "lstm") -> Listener:
    torch.manual_seed(4)
    listener = Listener(6, cell)
    listener.adapt([torch.randn(9, M) + 2])
    return listener.eval()


@pytest.mark.parametrize("cell", LAYERS)
def test_a_file_gives_back_the_same_listener(cell: str, tmp_path: Path) -> None:
    listener = of_noise(cell)
    again = load(save(listener, tmp_path / "new" / "listener.pt"))
    assert again.settings == listener.settings and not again.training
    mine, theirs = listener.state_dict(), again.state_dict()
    assert mine.keys() == theirs.keys() and {"mean", "deviation"} < mine.keys()
    assert all(torch.equal(mine[name], theirs[name]) for name in mine)
    xs = torch.randn(8, 1, M)
    assert torch.equal(again(xs, torch.tensor([8]))[0], listener(xs, torch.tensor([8]))[0])


def test_a_file_that_is_none_has_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "listener.pt"
    with pytest.raises(ModelFileError, match="There is no file"):
        load(file)
    whole = save(of_noise(), file).read_bytes()
    for content in (b"", b"garbage", whole[:500], whole[: len(whole) // 2]):
        file.write_bytes(content)
        with pytest.raises(ModelFileError, match="damaged or cut short"):
            load(file)
    torch.save({"form": "something else"}, file)
    with pytest.raises(ModelFileError, match="holds no listener of this course"):
        load(file)


@pytest.mark.parametrize("name, value", [("deviation", 0.0), ("mean", np.nan), ("deviation", -1.0)])
def test_a_scaling_that_is_none_is_refused(name: str, value: float, tmp_path: Path) -> None:
    listener = of_noise()
    getattr(listener, name)[3] = value
    with pytest.raises(ModelFileError, match="do not fit together"):
        load(save(listener, tmp_path / "listener.pt"))


def test_a_scaling_of_another_size_is_refused(tmp_path: Path) -> None:
    listener = of_noise()
    listener.mean = torch.zeros(M + 1)
    with pytest.raises(ModelFileError, match="do not fit together"):
        load(save(listener, tmp_path / "listener.pt"))


@pytest.mark.parametrize(
    "sound, sentence",
    [
        ("speech.wav", "a str where a sound should be"),
        (Sound(np.zeros((800, 2))), "the shape"),
        (Sound(np.array([0.1, np.nan] * 4000)), "no numbers"),
        (Sound(np.array([0.1, np.inf] * 4000)), "no numbers"),
        (
            tone(rate=44_100),
            r"The recording has 44,100 samples a second, and the listener learned from 16,000: "
            r"convert it with at_rate\(sound, 16000\)\.",
        ),
        (tone(0.09), "lasts 0.09 seconds, too short"),
        (Sound(np.zeros(0)), "too short"),
        (tone(31), "lasts 31 seconds: cut it"),
        (Sound(5e-4 * tone().samples), "is silent"),
    ],
)
def test_what_cannot_be_heard_has_a_sentence(sound: object, sentence: str) -> None:
    with pytest.raises(CannotHear, match=sentence):
        hear(of_noise(), sound)


def certain(text: str, p: float = 0.99) -> Listener:
    """A listener that says the letters of a text, one a step, whatever it hears; at each with that probability."""

    class Deaf(Listener):
        def forward(self, xs, lengths):
            log_probs = torch.full((len(xs) // 2, 1, len(LETTERS)), -60.0)
            log_probs[:, :, BLANK] = 0.0
            for t, k in enumerate(encode(text)):
                log_probs[2 * t, 0, :2] = np.log((1 - p) / 2)
                log_probs[2 * t, 0, k] = np.log(p)
            return log_probs, lengths // 2

    return Deaf(4).eval()


def test_a_remark_says_why_to_doubt_what_was_heard() -> None:
    found = hear(certain("two one"), tone())
    assert (found.text, found.remark, str(found)) == ("two one", "", "two one")
    assert found.p == pytest.approx(0.99**7, abs=0.02)
    assert "a probability of only 0.4" in hear(certain("six", 0.75), tone()).remark
    assert "“sx”, which is no digit" in hear(certain("sx six"), tone()).remark
    assert "heard no word" in hear(certain(""), tone()).remark
    loud = Sound(np.clip(3 * tone().samples, -1, 1))
    assert "too loud for its file" in hear(certain("six"), loud).remark
    assert hear(certain("six"), tone()).remark == ""


def test_hearing_leaves_the_listener_as_it_was() -> None:
    listener = of_noise().double().train()
    hear(listener, tone())
    assert listener.training


# The package


def test_importing_it_loads_nothing_heavy() -> None:
    heavy = ("scipy", "sktime", "sklearn", "jiwer", "matplotlib", "librosa")
    code = f"import sys, gates.speech; print([m for m in {heavy} if m in sys.modules])"
    found = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)},
    )
    assert found.stdout.strip() == "[]"
