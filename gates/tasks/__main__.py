"""`python -m gates.tasks`: all tasks, each with a decoded sample, what guessing reaches, and its source."""

from gates.tasks import TASKS


def main() -> None:
    for name, make in TASKS.items():
        task = make()
        options = ", ".join(f"{key} = {value}" for key, value in task.options.items())
        score = {
            "error": "mean squared error",
            "accuracy": "accuracy",
            "whole": "whole strings right",
        }
        print(f"{name}" + (f" ({options})" if options else ""))
        print("    " + task.decode(task.draw(1, seed=0)).replace("\n", "\n    "))
        print(f"    {task.I} numbers in, {task.O} out at each step")
        print(f"    chance: {score[task.score]} {task.chance:.3f}. Baseline: {task.baseline}.")
        print(f"    source: {task.source}.\n")


if __name__ == "__main__":
    main()
