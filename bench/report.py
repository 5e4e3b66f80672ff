"""The table that make bench prints, a row as soon as it is measured."""
import sys


class Report:
    def __init__(self):
        self.rows = self.missed = 0

    def row(self, name, value, target="", met=None):
        self.rows += 1
        self.missed += met is False
        mark = "" if met is None else ("  ok" if met else "  MISSED")
        print(f"{name:<66} {value:>18}   {target:<10}{mark}", flush=True)

    def share(self, name, measured, share, at_least):
        self.row(f"{name}, share of empty handler", f"{measured.per_second:,.0f}/s = {share:.2f}", f">= {at_least}", share >= at_least)

    def end(self):
        print(f"{self.rows} figures, {self.missed} missed", file=sys.stderr)
