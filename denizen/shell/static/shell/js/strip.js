// A row of tabs that is wider than the phone begins where one is, not at its first tab.

export function showCurrent(root) {
  for (const strip of root.querySelectorAll(".tabs, .strip")) {
    const here = strip.querySelector("[aria-current]");
    if (!here) continue;
    const middle = here.offsetLeft + here.offsetWidth / 2 - strip.offsetLeft;
    strip.scrollLeft = middle - strip.clientWidth / 2;
  }
}
