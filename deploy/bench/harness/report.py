"""A line of JSON for each run, a table in Markdown for each scenario."""

import json
import os
import platform
import time

from harness.figures import Figure, paired_ratio


class Results:
    """The lines of one call of the harness: in a file as they come, and kept for the tables."""

    def __init__(self, directory, name):
        os.makedirs(directory, exist_ok=True)
        stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        self.lines_file = os.path.join(directory, f"{stamp}-{name}.jsonl")
        self.table_file = os.path.join(directory, f"{stamp}-{name}.md")
        self.lines = []

    def add(self, line):
        self.lines.append(line)
        with open(self.lines_file, "a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    def show(self, text):
        print(text, flush=True)
        with open(self.table_file, "a", encoding="utf-8") as file:
            file.write(text + "\n")


def table(lines, scenario, unit):
    """Markdown. `unit` is (name, factor) of the times; ratios are those of the other participant to the first one."""
    of_scenario = [line for line in lines if line["scenario"] == scenario]
    names = list(dict.fromkeys(line["participant"] for line in of_scenario))
    served = any("server_cpu" in line for line in of_scenario)
    rows = [_row(of_scenario, name, names[0], unit, served) for name in names]
    heads = ["", f"wall, {unit[0]}", f"CPU, {unit[0]}"]
    heads += [f"CPU of the server, {unit[0]}"] if served else []
    heads += ["wall ÷ Tidemark's", "CPU ÷ Tidemark's", "largest process, MiB", "all processes, MiB", "stored, MiB"]
    text = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    text += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(text)


def _row(lines, name, first, unit, served):
    def by_round(participant, key, kind="timed"):
        return {
            line["round"]: line[key]
            for line in lines
            if line["participant"] == participant and line["kind"] == kind and line.get(key) is not None
        }

    cells = [name, _range(by_round(name, "wall"), unit), _range(by_round(name, "cpu"), unit)]
    if served:
        cells.append(_range(by_round(name, "server_cpu"), unit))
    for key in ("wall", "cpu"):
        ratio = paired_ratio(by_round(name, key), by_round(first, key))
        cells.append("" if name == first or ratio is None else f"{ratio:.2f}")
    cells.append(_mebibytes(by_round(name, "largest")))
    cells.append(_mebibytes(by_round(name, "memory_sum", "memory")))
    cells.append(_mebibytes(by_round(name, "stored")))
    return cells


def _range(values, unit):
    if not values:
        return ""
    figure = Figure.of(v * unit[1] for v in values.values())
    return f"**{_digits(figure.median)}** ({_digits(figure.low)}–{_digits(figure.high)})"


def _digits(value):
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _mebibytes(values):
    return f"{Figure.of(values.values()).median / 2**20:.0f}" if values else ""


def machine():
    """What can be said about the machine in a few lines."""
    model = "unknown"
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    with open("/proc/meminfo", encoding="utf-8") as file:
        memory = int(file.readline().split()[1]) / 2**20
    return {
        "processors": os.cpu_count(),
        "model": model,
        "memory_gib": round(memory, 1),
        "kernel": platform.release(),
        "load": list(os.getloadavg()),
    }
