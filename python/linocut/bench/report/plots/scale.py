"""Axes for ratios and costs: where values lie and which of them are written down."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    Form = Callable[[float], str]

# Interpreters need 20 times as long; on a plain logarithmic axis they leave a third of it to all compilers.
_KNEE, _SQUEEZE = math.log(2.0), 3.0
_LABEL_INCHES = 0.3
_LONG = 1000.0  # on an axis from 1 to here powers of ten suffice


def powers_of_ten() -> Iterable[float]:
    """1, then in turns smaller and greater ones."""
    yield 1.0
    for exponent in range(1, 13):
        yield from (10.0**-exponent, 10.0**exponent)


def round_numbers() -> Iterable[float]:
    """The powers of ten, then 2 and 5 times them, then what lies between."""
    for digits in ((1.0,), (2.0, 5.0), (3.0, 7.0, 1.5)):
        for power in powers_of_ten():
            yield from (digit * power for digit in digits)


def time_axis(axes: Axes, limits: tuple[float, float]) -> None:
    """The x axis for times relative to the baseline: logarithmic, three times as dense above 2."""
    axes.set_xscale("function", functions=(_squeeze, _release))
    axes.set_xlim(limits)
    label(axes, "x", round_numbers(), "{:g}".format)


def speed_axis(axes: Axes, limits: tuple[float, float]) -> None:
    """The same for speeds: denser below a half."""
    axes.set_xscale(
        "function", functions=(lambda x: -_squeeze(1 / np.maximum(x, 1e-12)), lambda x: 1 / _release(-x))
    )
    axes.set_xlim(limits)
    label(axes, "x", round_numbers(), "{:g}".format)


def cost_axis(axes: Axes, along: str, limits: tuple[float, float], form: Form, inches: float) -> None:
    """A logarithmic axis whose labels need so much room."""
    if along == "x":
        axes.set_xscale("log")
        axes.set_xlim(limits)
    else:
        axes.set_yscale("log")
        axes.set_ylim(limits)
    values = powers_of_ten() if limits[1] / limits[0] > _LONG else round_numbers()
    label(axes, along, values, form, inches)


def _squeeze(ratio: NDArray[np.float64]) -> NDArray[np.float64]:
    logs = np.log(np.maximum(ratio, 1e-12))
    return np.where(logs > _KNEE, _KNEE + (logs - _KNEE) / _SQUEEZE, logs)


def _release(place: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.exp(np.where(place > _KNEE, _KNEE + (place - _KNEE) * _SQUEEZE, place))


def label(axes: Axes, along: str, values: Iterable[float], form: Form, inches: float = _LABEL_INCHES) -> None:
    """Writes down those values, the first ones first, that lie on the axis and have room for their labels."""
    low, high = axes.get_xlim() if along == "x" else axes.get_ylim()
    kept: dict[float, float] = {}
    for value in values:
        place = where(axes, along, value)
        if low <= value <= high and all(abs(place - other) >= inches for other in kept.values()):
            kept[value] = place
    axis = axes.xaxis if along == "x" else axes.yaxis
    axis.set_major_locator(FixedLocator(sorted(kept)))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda value, _: form(value)))


def where(axes: Axes, along: str, value: float) -> float:
    """How many inches from the figure's edge a value lies."""
    corner = (axes.get_xlim()[0], axes.get_ylim()[0])
    x, y = axes.transData.transform((value, corner[1]) if along == "x" else (corner[0], value))
    return float(x if along == "x" else y) / axes.figure.dpi
