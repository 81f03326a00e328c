"""Pictures made here as text: nothing is borrowed, and the same seed always draws the same picture."""

from denizen.shell.drawings.icons import crown, icon, logo

__all__ = ["crown", "icon", "logo"]
