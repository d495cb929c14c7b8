"""`python -m gates.audit FILE.py:Class`: which convention a recurrent layer follows, found by experiment."""

import argparse
import json
import sys

from gates.audit.files import MEGABYTES, SECONDS, of_file


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m gates.audit",
        description="Find by experiment which convention an LSTM, GRU or RNN follows.",
        epilog="Exit code 0: placed. 1: a known slip, or not placed. 2: it could not be run.",
    )
    parser.add_argument("thing", help="FILE.py:Class, FILE.py:function or FILE.onnx")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument(
        "--seconds", type=float, default=SECONDS, help=f"for all of it ({SECONDS:g})"
    )
    parser.add_argument(
        "--megabytes", type=int, default=MEGABYTES, help=f"of memory for all of it ({MEGABYTES})"
    )
    given = parser.parse_args()
    report = of_file(given.thing, given.seconds, given.megabytes)
    print(json.dumps(report.as_dict(), indent=2, ensure_ascii=False) if given.json else report)
    sys.exit(report.exit_code)


if __name__ == "__main__":
    main()
