"""The course of this repository, read once: its tests are about what it says."""

from pathlib import Path

import pytest

from tests.series.reading import ROOT, Series, read


@pytest.fixture(scope="session")
def series() -> Series:
    return read()


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT
