// Keyboard first at the desk: j and k walk the rows of [data-rows], enter opens, / searches. Typing is never disturbed.

export function rowAfter(rows, current, step) {
  const at = rows.indexOf(current);
  if (at < 0) return rows[step > 0 ? 0 : rows.length - 1];
  return rows[Math.min(rows.length - 1, Math.max(0, at + step))];
}

function isTyping(target) {
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

function walk(root, step) {
  const list = root.querySelector("[data-rows]");
  if (!list) return false;
  const links = [...list.querySelectorAll("[data-row] a[href]:first-of-type")].filter((link) => link.offsetParent);
  const next = rowAfter(links, root.activeElement, step);
  next?.focus();
  return Boolean(next);
}

export function startKeys(root) {
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && isTyping(event.target)) return event.target.blur();
    if (isTyping(event.target)) return;
    const search = event.key === "/" && root.querySelector("[type=search]");
    if (search) search.focus();
    const walked = (event.key === "j" && walk(root, 1)) || (event.key === "k" && walk(root, -1));
    if (search || walked) event.preventDefault();
  });
}
