// The live stream. A page that names `data-live-ticket-url` on its body asks for a short-lived ticket, opens the stream
// and turns every `change` into one DOM event, to which fragments listen with hx-trigger="denizen:change from:body".

export const FIRST_WAIT_MS = 1_000;
export const LONGEST_WAIT_MS = 60_000;
export const STEADY_AFTER_MS = 10_000;

export function waitAfter(failures) {
  const full = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.max(0, failures - 1));
  return full / 2 + Math.random() * (full / 2); // spread, so that a whole city does not knock at once
}

export function headersOf(body) {
  return JSON.parse(body.getAttribute("hx-headers") || "{}");
}

export async function fetchTicket(body, fetcher = fetch) {
  const answer = await fetcher(body.dataset.liveTicketUrl, {
    method: "POST",
    headers: { ...headersOf(body), Accept: "application/json" },
    credentials: "same-origin",
  });
  const signedOut = answer.redirected || answer.status === 401 || answer.status === 403;
  if (signedOut) return null; // the page stays as it is
  if (!answer.ok) throw new Error(`no ticket: ${answer.status}`);
  return (await answer.json()).ticket;
}

export function announce(body, data) {
  const detail = data ? JSON.parse(data) : {};
  body.dispatchEvent(new CustomEvent("denizen:change", { detail, bubbles: true }));
}

class Live {
  constructor(body) {
    this.body = body;
    this.failures = 0;
    this.source = null;
    this.timer = 0;
    this.openedAt = 0;
  }

  async open() {
    this.close();
    try {
      const ticket = await fetchTicket(this.body);
      if (ticket) this.listen(ticket);
    } catch {
      this.again();
    }
  }

  listen(ticket) {
    const base = this.body.dataset.liveUrl || "/live/";
    this.source = new EventSource(`${base}?ticket=${encodeURIComponent(ticket)}`);
    this.source.addEventListener("open", () => this.opened());
    this.source.addEventListener("change", (event) => announce(this.body, event.data));
    this.source.addEventListener("resync", () => { announce(this.body, ""); this.open(); });
    this.source.addEventListener("close", () => this.close());
    this.source.addEventListener("error", () => this.again()); // a used ticket is refused, so never reconnect with it
  }

  opened() {
    if (this.failures) announce(this.body, ""); // something may have happened while nobody listened
    this.openedAt = Date.now();
  }

  again() {
    const steady = this.source && this.openedAt && Date.now() - this.openedAt > STEADY_AFTER_MS;
    this.close();
    this.failures = steady ? 1 : this.failures + 1;
    this.timer = setTimeout(() => this.open(), waitAfter(this.failures));
  }

  close() {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
  }
}

export function startLive(body) {
  if (!body.dataset.liveTicketUrl) return null;
  const live = new Live(body);
  window.addEventListener("pagehide", () => live.close());
  window.addEventListener("pageshow", (event) => { if (event.persisted) live.open(); });
  live.open();
  return live;
}
