"""Checks in a real kernel, as JupyterLab talks to it: with the cells' ids, and with somebody who could type."""

import os
import queue
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from jupyter_client.manager import start_new_kernel
from nbclient import NotebookClient

TURNED = "from gates.checks import check, predict, reveal, show_me\nimport torch"


class Kernel:
    """A kernel and a front end that offers to type, as JupyterLab does, and never does."""

    def __init__(self, home: Path) -> None:
        env = {**os.environ, "GATES_HOME": str(home)}
        quiet = ["--IPKernelApp.log_level=ERROR"]
        self.manager, self.client = start_new_kernel(env=env, extra_arguments=quiet)

    def ask(self, source: str, id: str | None = None) -> str:
        """Send a cell; the id of the request."""
        content = {"code": source, "silent": False, "store_history": True, "user_expressions": {}}
        content |= {"allow_stdin": True, "stop_on_error": False}
        message = self.client.session.msg("execute_request", content)
        if id:
            message["metadata"] = {"cellId": id}
        self.client.shell_channel.send(message)
        return message["header"]["msg_id"]

    def told(self, asked: str) -> str:
        """All that appears below a cell, once it is done; a request to type something fails the test."""
        texts = []
        while True:
            try:
                message = self.client.get_iopub_msg(timeout=1)
            except queue.Empty:
                assert not self.client.stdin_channel.msg_ready(), "it waits for somebody to type"
                continue
            if message["parent_header"].get("msg_id") != asked:
                continue
            content = message["content"]
            if message["msg_type"] == "stream":
                texts.append(content["text"])
            elif message["msg_type"] in ("display_data", "execute_result"):
                texts.append(content["data"].get("text/plain", ""))
            elif message["msg_type"] == "error":
                texts += content["traceback"]
            elif message["msg_type"] == "status" and content["execution_state"] == "idle":
                return "\n".join(texts)

    def run(self, source: str, id: str | None = None) -> str:
        return self.told(self.ask(source, id))


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    made = Kernel(tmp_path_factory.mktemp("home"))
    made.run(TURNED, "00-setup")
    yield made
    made.client.stop_channels()
    made.manager.shutdown_kernel(now=True)


ASKING = ["input()", "input('how many? ')", "import getpass; getpass.getpass()", "breakpoint()"]
ASKING += [
    "import pdb; pdb.set_trace()",
    "from IPython.core.debugger import set_trace; set_trace()",
]
ASKING += ["import sys; sys.stdin.readline() or 1 / 0", "1 / 0\n", "%debug"]


@pytest.mark.parametrize("source", ASKING)
def test_nothing_in_a_notebook_of_the_course_waits_for_typing(source: str, kernel: Kernel) -> None:
    kernel.run(source)
    assert "3" in kernel.run("1 + 2")
    text = kernel.run(
        f"def lstm_cell(x, state, weights):\n    {source.strip('%')}\n    return state"
    )
    assert text == ""
    assert "lstm_cell: raised" in kernel.run('lstm_cell = check("lstm_cell")') or "%" in source


def test_asking_is_told_in_a_sentence(kernel: Kernel) -> None:
    assert "nothing waits for somebody to type" in kernel.run("size = input('size? ')")


def test_before_the_course_is_imported_a_notebook_may_ask(tmp_path: Path) -> None:
    """The test above would see it if something waited."""
    made = Kernel(tmp_path)
    try:
        with pytest.raises(AssertionError, match="waits for somebody"):
            made.run("input()")
    finally:
        made.client.stop_channels()
        made.manager.shutdown_kernel(now=True)


RIGHT = "def keep_or_forget(a, c):\n    return torch.sigmoid(a) * c"
WRONG = "def keep_or_forget(a, c):\n    return (1 - torch.sigmoid(a)) * c"
CHECK = 'keep_or_forget = check("keep_or_forget")'
OWN, ITS_CHECK = "00-keep-or-forget", "00-check-keep-or-forget"


def test_a_renamed_function_is_told_so_and_the_old_one_is_not_judged_again(kernel: Kernel) -> None:
    kernel.run(WRONG, OWN)
    assert "wrong" in kernel.run(CHECK, ITS_CHECK)
    kernel.run(RIGHT.replace("keep_or_forget", "keep_or_forgot"), OWN)
    text = kernel.run(CHECK, ITS_CHECK)
    assert "not attempted" in text and "now defines `keep_or_forgot`, and no keep_or_forget" in text
    kernel.run(RIGHT, OWN)
    assert "passed" in kernel.run(CHECK, ITS_CHECK)


def test_a_renamed_function_is_told_so_where_no_ids_are_sent(kernel: Kernel) -> None:
    kernel.run(WRONG)
    assert "wrong" in kernel.run(CHECK)
    kernel.run(RIGHT.replace("keep_or_forget", "keep_and_forget"))
    text = kernel.run(CHECK)
    assert "defines `keep_and_forget`" in text and "has to be keep_or_forget" in text
    kernel.run("def helper(x):\n    return x")
    kernel.run(RIGHT)
    assert "passed" in kernel.run(CHECK)
    kernel.run(WRONG.replace("keep_or_forget", "keep_or_forget_2"))  # one to play with
    text = kernel.run(CHECK)
    assert "passed" in text and "keep_or_forget_2" not in text


def test_an_exercise_cell_that_was_emptied_is_told_so(kernel: Kernel) -> None:
    kernel.run(RIGHT, OWN)
    assert "passed" in kernel.run(CHECK, ITS_CHECK)
    kernel.run("# nothing here\nimport torch", OWN)
    text = kernel.run(CHECK, ITS_CHECK)
    assert "not attempted" in text and "does not define keep_or_forget" in text
    kernel.run(RIGHT, OWN)
    assert "passed" in kernel.run(CHECK, ITS_CHECK)


@pytest.mark.parametrize("id", [None, "00-reading-f"])
def test_a_letter_without_quotes_is_told_to_need_them(id: str | None, kernel: Kernel) -> None:
    check = 'reading_f = check("reading_f")'
    kernel.run("globals().pop('d', None)")
    kernel.run("reading_f = ...", id)
    assert "not attempted" in kernel.run(check)
    kernel.run("reading_f = d", id)
    text = kernel.run(check)
    assert 'A letter needs quotes: reading_f = "d"' in text and "stands below it" in text
    kernel.run("d = torch.ones(3)")
    kernel.run("reading_f = d", id)
    text = kernel.run(check)
    assert 'A letter needs quotes: reading_f = "d"' in text and "below it" not in text
    kernel.run("reading_f = 'c'", id)
    assert "passed" in kernel.run(check)


@pytest.mark.parametrize("id", [None, "00-left-after-50"])
def test_a_prediction_without_quotes_is_told_to_need_them(id: str | None, kernel: Kernel) -> None:
    name, asked = f"left_{bool(id)}", f'predict("left_{bool(id)}")'
    kernel.run(f"{name} = ...", id)
    assert "No prediction yet" in kernel.run(asked)
    kernel.run(f"{name} = a", id)
    text = kernel.run(asked)
    assert f'A letter needs quotes: {name} = "a"' in text and "Nothing was recorded" in text
    kernel.run("a = torch.ones(3)")
    kernel.run(f"{name} = a", id)
    assert f'A letter needs quotes: {name} = "a"' in kernel.run(asked)
    kernel.run("del a")
    kernel.run(f"{name} = 'b'", id)
    assert "Your prediction is b" in kernel.run(asked)
    kernel.run(f"{name} = c", id)
    assert f'A letter needs quotes: {name} = "c"' in kernel.run(asked)


JUPYTER = [
    f"{RIGHT}\n%time keep_or_forget(torch.ones(1), torch.ones(1))",
    f"%%time\n{RIGHT}",
    f"!echo hello\n{RIGHT}",
    f"{RIGHT}\nkeep_or_forget?",
    f"{RIGHT}\nfiles = !echo a",
    f"# a note\n\n{RIGHT}\n\n?torch.sigmoid",
]


@pytest.mark.parametrize("source", JUPYTER)
def test_jupyters_own_syntax_is_no_error(source: str, kernel: Kernel) -> None:
    kernel.run("del keep_or_forget")
    kernel.run(source)
    assert "keep_or_forget: passed" in kernel.run(CHECK)


def test_an_error_is_said_to_stand_below_a_cell_only_where_it_does(kernel: Kernel) -> None:
    kernel.run(RIGHT)
    assert "passed" in kernel.run(CHECK)
    kernel.run("keep_or_forget = undefined_name")
    assert "the error stands below it" in kernel.run(CHECK)
    kernel.run(f"if False:\n    {RIGHT.replace(chr(10), chr(10) + '    ')}")
    text = kernel.run(CHECK)
    assert "below it" not in text and "gave keep_or_forget no value" in text


def test_an_old_answer_is_not_judged_where_the_new_cell_stopped_before_it(kernel: Kernel) -> None:
    kernel.run(RIGHT)
    kernel.run(f"1 / 0\n{WRONG}")
    text = kernel.run(CHECK)
    assert "raised" in text and "the error stands below it" in text
    kernel.run(f"{RIGHT}\nassert False")  # stops after the answer, which is there
    assert "passed" in kernel.run(CHECK)


def test_a_right_answer_that_is_an_alias_passes_again(kernel: Kernel) -> None:
    kernel.run(RIGHT.replace("keep_or_forget", "mine"))
    for _ in range(2):
        kernel.run("keep_or_forget = mine")
        assert "passed" in kernel.run(CHECK)
    for _ in range(2):
        kernel.run("from gates.exercises.lesson00.keep_or_forget import keep_or_forget")
        assert "passed" in kernel.run(CHECK)


def test_an_answer_and_its_check_may_stand_in_one_cell(kernel: Kernel) -> None:
    assert "passed" in kernel.run(f"{RIGHT}\n{CHECK}")
    assert "wrong" in kernel.run(f"{WRONG}\n{CHECK}")
    assert "passed" in kernel.run(f"{RIGHT}\n{CHECK}")


def test_a_call_in_a_scratch_cell_is_no_answer(kernel: Kernel) -> None:
    kernel.run(RIGHT)
    kernel.run("keep_or_forget(1, 2, 3)")
    assert "passed" in kernel.run(CHECK)


SHOWS = """
def keep_or_forget(a, c):
    import os
    import matplotlib.pyplot as plt
    from IPython.display import HTML, clear_output, display
    display(HTML("shown")); print("shown"); os.write(1, b"shown"); os.system("echo shown")
    plt.figure(); plt.plot([1, 2]); plt.title("shown"); plt.show(); plt.figure(); clear_output()
    import tqdm.auto
    list(tqdm.auto.tqdm([1, 2]))
    return torch.sigmoid(a) * c
"""


def test_the_pictures_of_an_answer_do_not_appear_and_those_of_the_notebook_stay(
    kernel: Kernel,
) -> None:
    assert "Figure" in kernel.run(
        "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2]); plt.show()"
    )
    kernel.run(SHOWS)
    text = kernel.run(CHECK)
    assert "keep_or_forget: passed" in text and "shown" not in text and "Figure" not in text
    text = kernel.run(f"f = plt.figure()\nplt.plot([1, 2])\n{CHECK}")
    assert text.count("Figure") == 1 and "passed" in text


@pytest.mark.parametrize(
    "leave", ["exit()", "quit()", "import sys; sys.exit()", "raise SystemExit"]
)
def test_an_answer_that_leaves_does_not_take_the_kernel_along(leave: str, kernel: Kernel) -> None:
    kernel.run(f"def keep_or_forget(a, c):\n    {leave}\n    return a")
    assert "raised" in kernel.run(CHECK)
    assert "5" in kernel.run("2 + 3")


def test_pictures_appear_after_an_answer_that_chose_another_backend(kernel: Kernel) -> None:
    kernel.run("%matplotlib inline\nimport matplotlib.pyplot as plt")
    kernel.run(
        "def keep_or_forget(a, c):\n    import matplotlib.pyplot as plt\n    plt.switch_backend('svg')\n"
        "    return torch.sigmoid(a) * c"
    )
    assert "passed" in kernel.run(CHECK)
    assert "Figure" in kernel.run("plt.plot([1, 2]); plt.show()")


def test_checks_work_in_a_function_and_under_magics(kernel: Kernel) -> None:
    kernel.run(RIGHT)
    assert "passed" in kernel.run(
        "def again():\n    return check('keep_or_forget')\n\n\nx = again()"
    )
    assert "passed" in kernel.run(f"%time {CHECK}")
    assert "passed" in kernel.run(f"%%time\n{CHECK}")


def executed(cells: list[str], home: Path) -> list[str]:
    made = [nbformat.v4.new_code_cell(c, metadata={"tags": ["raises-exception"]}) for c in cells]
    notebook = nbformat.v4.new_notebook(cells=made)
    client = NotebookClient(notebook, timeout=120, kernel_name="python3")
    client.execute(env={**os.environ, "GATES_HOME": str(home)})
    return [
        "".join(o.get("text") or o.get("data", {}).get("text/plain", "") for o in cell.outputs)
        for cell in notebook.cells
    ]


def test_run_all_reaches_the_end_through_answers_that_ask(tmp_path: Path) -> None:
    asks = "def keep_or_forget(a, c):\n    return float(input()) * c"
    texts = executed([TURNED, "n = input()", asks, CHECK, "print('the end')"], tmp_path)
    assert "raised" in texts[3] and "nothing waits" in texts[3] and texts[4] == "the end\n"
