"""`make bench`: measure every stage, print a table, write JSON beside machine, Python and commit."""

import argparse
import json
import os
import platform
import subprocess
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.kafka_windows import measure_kafka
from benchmarks.stages import Result, measure_stages
from tools.kafka_kit import KafkaUnavailableError

TABLE_COLUMNS = 120
RESULTS = Path(__file__).parent / "results"


def main() -> None:
    """Run everything, or a tenth of it with --quick."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the posts: for a look, not for a record")
    quick = parser.parse_args().quick
    count = 20_000 if quick else 200_000
    console = Console(width=max(Console().width, TABLE_COLUMNS))
    results: list[Result] = []
    for result in measure_stages(count):
        results.append(result)
        console.print(f"{result.name:<45} {result.rate:>12,.0f}/s")
    try:
        for result in measure_kafka(2 * count, count // 10):
            results.append(result)
            console.print(f"{result.name:<45} {result.rate:>12,.0f}/s")
    except KafkaUnavailableError as error:
        console.print(f"Kafka not measured: {error}")
    console.print(_table(results))
    console.print(f"written to {_write(results)}")


def _table(results: list[Result]) -> Table:
    table = Table(title="posts a second on this machine")
    for heading in ("stage", "posts/s", "its limit", "share of it", "note"):
        table.add_column(heading, justify="left" if heading in ("stage", "note") else "right")
    for result in results:
        limit = f"{result.limit:,.0f}" if result.limit else ""
        share = f"{result.rate / result.limit:.0%}" if result.limit else ""
        table.add_row(result.name, f"{result.rate:,.0f}", limit, share, result.note)
    return table


def _write(results: list[Result]) -> Path:
    RESULTS.mkdir(exist_ok=True)
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
    path = RESULTS / f"{time.strftime('%Y%m%d-%H%M%S')}-{commit or 'uncommitted'}.json"
    machine = {"processor": platform.processor() or platform.machine(), "cores": os.cpu_count()}
    rows = [
        {
            "name": r.name,
            "posts_per_s": round(r.rate),
            "limit_per_s": round(r.limit) if r.limit else None,
            "note": r.note,
        }
        for r in results
    ]
    document = {"commit": commit, "python": platform.python_version(), "machine": machine, "results": rows}
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


if __name__ == "__main__":
    main()
