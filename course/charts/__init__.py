"""Charts from data: one YAML file in charts/ becomes one drawing beside a lesson.

A kind of chart is one module here with one class derived from Chart: its fields are what a trainer
writes, `printed` says which figures it shows, and `paint` draws them. Colours are named by their class
alone, so that a drawing in a page follows the page's palette, in the dark and on paper too.
"""

from course.charts.balance import Balance
from course.charts.bars import Bars
from course.charts.cells import Cells
from course.charts.chart import Chart
from course.charts.ranges import Ranges
from course.charts.squares import Squares
from course.charts.stacked import Stacked

KINDS: dict[str, type[Chart]] = {
    "balance": Balance,
    "bars": Bars,
    "cells": Cells,
    "ranges": Ranges,
    "squares": Squares,
    "stacked": Stacked,
}
"""Every kind of chart by the name that trainers write."""
