"""One seeded morning for all tests of the seed; names of pictures stand for the pictures."""

import hashlib
from datetime import date

import pytest

from xiuzhou_desktop.backend.demo.pictures import Shot
from xiuzhou_desktop.backend.demo.seed import Opened, Seed
from xiuzhou_desktop.backend.demo.world import World
from xiuzhou_desktop.domain.envelope import Record

SEED, DAY = 7, date(2026, 11, 23)


def name_of(made: Shot | str) -> str:
    """A blob's name that follows from the shot, or from the key of a paper."""
    return "sha256:" + hashlib.sha256(repr(made).encode()).hexdigest()


def opened_of(seed: Seed) -> Opened:
    """What is open, with names for its pictures."""
    return seed.opened(
        {shot: name_of(shot) for shot in seed.shots()},
        {key: name_of(key) for key in seed.papers()},
    )


@pytest.fixture(scope="session")
def world() -> World:
    return World(SEED, DAY)


@pytest.fixture(scope="session")
def seed(world: World) -> Seed:
    return Seed(world)


@pytest.fixture(scope="session")
def opened(seed: Seed) -> Opened:
    return opened_of(seed)


@pytest.fixture(scope="session")
def standing(seed: Seed) -> tuple[Record, ...]:
    return tuple(seed.standing())
