"""Pictures made here as text: nothing is borrowed, and the same seed always draws the same picture."""

from denizen.shell.drawings.charts import Bar, Series, UnableToDraw, bar_chart, line_chart, sparkline
from denizen.shell.drawings.icons import crown, icon, logo
from denizen.shell.drawings.rings import clock_ring, contribution_rings, rings
from denizen.shell.drawings.scenes import dusk_city, landscape

__all__ = [
    "Bar",
    "Series",
    "UnableToDraw",
    "bar_chart",
    "clock_ring",
    "contribution_rings",
    "crown",
    "dusk_city",
    "icon",
    "landscape",
    "line_chart",
    "logo",
    "rings",
    "sparkline",
]
