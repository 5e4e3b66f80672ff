"""make bench: speed and memory as figures beside a baseline of the same run. Prints a table; never fails on a
figure, because machines differ and are noisy: a missed target is marked and is for people to look at."""
import argparse
import statistics
import time

import dynamodb
import events
import functions
import gateway
import sqs
from daemon import BUILD, EmptyServer, Emu
from load import Baseline
from report import Report


def start_and_size(report):
    started, resident = [], []
    for _ in range(10):
        with Emu() as emu:
            started.append(emu.started_ms)
            time.sleep(0.3)  # idle: what start-up borrowed has been returned
            resident.append(emu.resident_mib())
    ms, mib = statistics.median(started), statistics.median(resident)
    report.row("start to first answered request, empty data directory", f"{ms:.1f} ms", "<= 30 ms", ms <= 30)
    report.row("idle resident memory", f"{mib:.1f} MiB", "<= 20 MiB", mib <= 20)
    megabytes = (BUILD / "emu").stat().st_size / 1e6
    report.row("stripped binary", f"{megabytes:.1f} MB", "<= 25 MB", megabytes <= 25)


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=int, default=2, help="of load per round; a share is the median of three")
    options.add_argument("--rounds", type=int, default=15, help="of cold starts")
    options.add_argument("--sizes", default="1000,100000,1000000", help="of the growing table, in items")
    options.add_argument("--waiting", type=int, default=1_000_000, help="messages in the growing queue")
    options.add_argument("--idle-queues", type=int, default=10_000)
    o = options.parse_args()
    report = Report()
    start_and_size(report)
    with EmptyServer() as server:
        empty = Baseline(server.url)
        report.row("empty handler", f"{empty.last:,.0f}/s")
        with Emu() as emu:
            measured = dynamodb.shares(report, emu, empty, o.seconds)
            dynamodb.growth(report, emu, empty, o.seconds, [int(n) for n in o.sizes.split(",")])
        with Emu() as emu:
            dynamodb.memory(report, emu)
        dynamodb.beside_dynalite(report, measured, o.seconds)
        sqs.run(report, Emu, empty, o.seconds, o.waiting, o.idle_queues)
        with Emu() as emu:
            events.run(report, emu)
        functions.run(report, Emu, empty, o.seconds, o.rounds)
        gateway.run(report, Emu, o.seconds)
    report.end()


if __name__ == "__main__":
    main()
