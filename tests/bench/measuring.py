"""How a figure is taken and told: one JSON object, compared with a reference of the same run."""

import json
import time
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

STATUS, RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def per_second(deed: Callable[[int], None], times: int) -> float:
    """How often a second, in one process, after a tenth of it to warm up."""
    for number in range(times // 10):
        deed(number)
    start = time.perf_counter()
    for number in range(times // 10, times):
        deed(number)
    return (times - times // 10) / (time.perf_counter() - start)


def report(name: str, value: float, unit: str, against: str, reference: float) -> None:
    facts = {"name": name, "value": round(value, 3), "unit": unit, "against": against}
    print(json.dumps(facts | {"ratio": round(value / reference, 3)}), flush=True)  # noqa: T201


def cost(deed: Callable[[], int]) -> tuple[float, float, int]:
    """(seconds, MB the process grew at its peak, what the deed counted), here and now. Linux tells the peak."""
    RESET.write_text("5")  # the peak is counted from here
    before = _resident("VmRSS")
    start = time.perf_counter()
    counted = deed()
    return time.perf_counter() - start, (_resident("VmHWM") - before) / 1024, counted


def cost_apart(deed: Callable[[], int]) -> tuple[float, float, int]:
    """The same in a process of its own, so that nothing of the deed before is in its memory."""
    apart = get_context("fork")
    ours, theirs = apart.Pipe()
    process = apart.Process(target=_tell, args=(theirs, deed))
    process.start()
    theirs.close()
    told: tuple[float, float, int] = ours.recv()
    process.join()
    return told


def _tell(pipe: Connection, deed: Callable[[], int]) -> None:
    pipe.send(cost(deed))


def _resident(which: str) -> int:
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith(which))
    return int(line.split()[1])
