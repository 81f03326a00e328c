// A ripple when something arrives: restarts the animation of every [data-bloom] inside the changed fragment.

export function bloom(element) {
  element.classList.remove("blooming");
  void element.offsetWidth; // reading the layout lets the same animation start again
  element.classList.add("blooming");
}

export function startBlooms(root) {
  root.addEventListener("htmx:afterSettle", (event) => {
    const fragment = event.target;
    if (fragment.matches?.("[data-bloom]")) bloom(fragment);
    fragment.querySelectorAll?.("[data-bloom]").forEach(bloom);
  });
  root.addEventListener("animationend", (event) => {
    if (event.animationName === "bloom") event.target.closest("[data-bloom]")?.classList.remove("blooming");
  });
}
