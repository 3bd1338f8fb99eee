"""sim.rate: schedules a second of the simulator on two processes, over memory and over SQLite.

sim.rate        over the memory stores
sim.rate_sql    the same schedules over the store that ships
"""

from tests.bench.figure import Figure, Sense, tell
from tests.sync.campaign import campaign, clear_away

SEEDS = {"sim.rate": (1_000, 200), "sim.rate_sql": (100, 15)}  # schedules, and the goal a second


def main() -> None:
    """Measure and tell."""
    for name, (seeds, goal) in SEEDS.items():
        found = campaign(range(seeds), is_sql=name == "sim.rate_sql")
        tell(
            Figure(
                name=name, value=found.schedules / found.seconds, unit="/s", limit=goal,
                sense=Sense.AT_LEAST, noise=found.line(), is_measured=not found.broken,
            )
        )  # fmt: skip
    clear_away()


if __name__ == "__main__":
    main()
