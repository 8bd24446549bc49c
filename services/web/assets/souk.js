// Souk: what makes the pages quicker and kinder when scripts run. Everything here is an extra:
// each page does its work with links and forms alone. No inline handlers, no eval, no framework.
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const on = (event, selector, run) =>
    document.addEventListener(event, (e) => {
      const hit = e.target.closest?.(selector);
      if (hit) run(hit, e);
    });
  const lang = document.documentElement.lang || "en";
  const say = (text) => {
    const live = document.getElementById("live");
    if (!live || !text) return;
    live.textContent = "";
    requestAnimationFrame(() => (live.textContent = text));
  };

  // --- Search suggestions: htmx fetches them into the list; this makes the list a combobox.
  const box = (input) => document.getElementById(input.getAttribute("aria-controls"));
  const options = (input) => all("a", box(input));
  const closeSuggestions = (input) => {
    box(input).replaceChildren();
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = (input, step) => {
    const list = options(input);
    if (!list.length) return;
    const at = list.findIndex((a) => a.getAttribute("aria-selected") === "true");
    list.forEach((a) => a.removeAttribute("aria-selected"));
    const next = list[(at + step + list.length + (at < 0 && step < 0 ? 1 : 0)) % list.length];
    next.setAttribute("aria-selected", "true");
    next.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", next.id);
  };
  const dressSuggestions = (list) => {
    const input = document.querySelector(`[aria-controls="${list.id}"]`);
    if (!input) return;
    const found = options(input);
    found.forEach((a, i) => {
      a.id ||= `${list.id}-${i}`;
      a.setAttribute("role", "option");
      a.tabIndex = -1;
    });
    input.setAttribute("aria-expanded", String(found.length > 0));
    if (found.length) say(`${found.length} ${list.dataset.word || "suggestions"}`);
  };
  document.addEventListener("keydown", (e) => {
    const input = e.target.closest?.("[data-suggest]");
    if (input) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
      if (step) {
        mark(input, step);
        e.preventDefault();
      } else if (e.key === "Escape") {
        closeSuggestions(input);
      } else if (e.key === "Enter") {
        const chosen = box(input).querySelector('[aria-selected="true"]');
        if (chosen) {
          e.preventDefault();
          location.assign(chosen.href);
        }
      }
    } else if (e.key === "/" && !e.target.closest?.("input, textarea, select, [contenteditable]") && !e.ctrlKey && !e.metaKey) {
      const search = document.querySelector("[data-search-key]");
      if (search) {
        e.preventDefault();
        search.focus();
      }
    }
  });
  document.addEventListener("focusout", (e) => {
    const search = e.target.closest?.(".search");
    const input = search?.querySelector("[data-suggest]");
    if (input && !search.contains(e.relatedTarget)) setTimeout(() => closeSuggestions(input), 150);
  });

  // --- Quantity stepper: the buttons turn the number field, the form hears one change.
  const bounds = (input) => {
    const value = Number(input.value);
    const at = (limit, fallback) => (input[limit] === "" ? fallback : Number(input[limit]));
    all("[data-step]", input.parentElement).forEach((b) => {
      b.disabled = Number(b.dataset.step) < 0 ? value <= at("min", -Infinity) : value >= at("max", Infinity);
    });
  };
  on("click", "[data-step]", (button) => {
    const input = button.parentElement.querySelector("input");
    Number(button.dataset.step) < 0 ? input.stepDown() : input.stepUp();
    bounds(input);
    if (button.disabled) input.focus();
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  on("input", ".stepper input", bounds);

  // --- Gallery: thumbnails turn the pictures without moving the page.
  on("click", "[data-picture]", (thumb, e) => {
    const picture = document.getElementById(thumb.hash?.slice(1) || thumb.dataset.picture);
    if (!picture) return;
    if (thumb.hash) e.preventDefault();
    picture.parentElement.scrollTo({ left: picture.offsetLeft - picture.parentElement.offsetLeft, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  });
  const watchGallery = (strip) => {
    const seen = new IntersectionObserver((entries) => {
      for (const entry of entries.filter((x) => x.isIntersecting)) {
        all("[data-picture]", strip.closest(".gallery")).forEach((t) =>
          t.hash === `#${entry.target.id}` ? t.setAttribute("aria-current", "true") : t.removeAttribute("aria-current"));
      }
    }, { root: strip, threshold: 0.6 });
    all("[id]", strip).forEach((li) => seen.observe(li));
  };

  // --- Dialogs: native ones; this opens them where the browser does not know commandfor yet.
  on("click", "[commandfor]", (button) => {
    if ("commandForElement" in HTMLButtonElement.prototype) return;
    const dialog = document.getElementById(button.getAttribute("commandfor"));
    button.getAttribute("command") === "close" ? dialog?.close() : dialog?.showModal();
  });
  on("input", "[data-must-match]", (input) => {
    const go = input.form?.querySelector('[type="submit"]');
    if (go) go.disabled = input.value.trim() !== input.dataset.mustMatch;
  });

  // --- Submitting: the pressed button turns busy, and a form is not sent twice.
  document.addEventListener("submit", (e) => {
    const form = e.target;
    if (e.submitter?.matches(".btn")) setTimeout(() => e.submitter.setAttribute("aria-busy", "true"));
    if (form.method === "dialog" || form.method === "get") return;
    if (form.dataset.sent) e.preventDefault();
    else if (!e.defaultPrevented && !form.matches("[hx-post], [data-upload]")) form.dataset.sent = "yes";
  });
  const rest = () => {
    all('.btn[aria-busy="true"]').forEach((b) => b.removeAttribute("aria-busy"));
    all("form[data-sent]").forEach((f) => delete f.dataset.sent);
  };
  addEventListener("pageshow", rest);
  document.addEventListener("htmx:finally:request", rest);

  // --- Uploads: the same form, sent with progress. The answer says where to go, or is the form again.
  const size = (bytes) => new Intl.NumberFormat(lang, { style: "unit", unit: bytes < 1e6 ? "kilobyte" : "megabyte", maximumFractionDigits: 1 }).format(bytes / (bytes < 1e6 ? 1e3 : 1e6));
  on("change", ".upload input", (input) => {
    const list = input.closest(".upload").querySelector(".upload-list");
    list?.replaceChildren(...[...input.files].map((f) => Object.assign(document.createElement("span"), { textContent: `${f.name} · ${size(f.size)}` })));
  });
  for (const [event, over] of [["dragenter", true], ["dragleave", false], ["drop", false]])
    on(event, ".upload", (upload) => upload.classList.toggle("over", over));
  on("submit", "form[data-upload]", (form, e) => {
    e.preventDefault();
    const progress = form.querySelector("progress");
    const request = new XMLHttpRequest();
    const fail = () => {
      rest();
      if (progress) progress.hidden = true;
      toast(form.dataset.failed || "The upload did not arrive. Try again.", "danger");
    };
    request.open(form.method, form.action);
    request.setRequestHeader("HX-Request", "true");
    request.setRequestHeader("HX-Request-Type", "partial");
    request.upload.onprogress = (p) => {
      if (!progress || !p.lengthComputable) return;
      progress.hidden = false;
      progress.max = p.total;
      progress.value = p.loaded;
    };
    request.onerror = request.ontimeout = fail;
    request.onload = () => {
      const to = request.getResponseHeader("HX-Redirect");
      if (to) return location.assign(to);
      if (request.status >= 500 || !request.responseText) return fail();
      const fresh = document.createRange().createContextualFragment(request.responseText);
      const target = document.querySelector(form.dataset.upload) || form;
      const first = fresh.firstElementChild;
      target.replaceWith(fresh);
      if (first) window.htmx?.process(first);
      dress(first?.parentElement || document);
      rest();
    };
    request.send(new FormData(form, e.submitter));
  });

  // --- Copy, toasts, dismissing.
  on("click", "[data-copy]", async (button) => {
    await navigator.clipboard?.writeText(button.dataset.copy);
    const word = button.querySelector("span") || button;
    const before = word.textContent;
    word.textContent = button.dataset.copied || "Copied";
    say(word.textContent);
    setTimeout(() => (word.textContent = before), 2000);
  });
  const settle = (item) => {
    if (item.dataset.settled || item.classList.contains("danger")) return;
    item.dataset.settled = "yes";
    const leave = () => (item.matches(":hover, :focus-within") ? setTimeout(leave, 2000) : item.remove());
    setTimeout(leave, 8000);
  };
  const toast = (text, tone = "") => {
    const item = document.createElement("div");
    item.className = `toast ${tone}`;
    item.textContent = text;
    document.getElementById("toasts")?.append(item);
    settle(item);
  };
  on("click", "[data-dismiss]", (button) => button.closest(button.dataset.dismiss)?.remove());

  // --- Times stay true while the page is open.
  const units = [["year", 31536e3], ["month", 2592e3], ["day", 86400], ["hour", 3600], ["minute", 60]];
  const relative = new Intl.RelativeTimeFormat(lang, { numeric: "auto" });
  const tick = () =>
    all("time[data-relative]").forEach((t) => {
      const seconds = (new Date(t.dateTime) - Date.now()) / 1000;
      if (Math.abs(seconds) > 6048e2) return;
      const [unit, length] = units.find(([, n]) => Math.abs(seconds) >= n) || ["minute", 60];
      t.textContent = relative.format(Math.trunc(seconds / length), unit);
    });
  setInterval(tick, 60000);

  // --- Live pages: the server says that something changed, htmx fetches what it is now.
  // A swap brings a new element with the same stream, so streams are known by their address.
  const streams = new Set();
  const follow = (element) => {
    const { id, dataset: { live } } = element;
    if (streams.has(live) || !window.EventSource) return;
    streams.add(live);
    const source = new EventSource(live);
    const changed = () => {
      const now = document.getElementById(id);
      if (now?.dataset.live === live) return now.dispatchEvent(new CustomEvent("souk:changed", { bubbles: true }));
      source.close();
      streams.delete(live);
    };
    source.onmessage = changed;
    source.addEventListener("changed", changed);
    source.addEventListener("done", () => {
      changed();
      source.close();
    });
  };

  // --- Tables: tick all, and a bar for what is ticked.
  on("change", "[data-all], [data-row]", (tick) => {
    const table = tick.closest("table");
    const rows = all("[data-row]", table);
    if (tick.matches("[data-all]")) rows.forEach((r) => (r.checked = tick.checked));
    const chosen = rows.filter((r) => r.checked).length;
    const head = table.querySelector("[data-all]");
    if (head) Object.assign(head, { checked: chosen === rows.length, indeterminate: chosen > 0 && chosen < rows.length });
    const bar = document.getElementById(table.dataset.bulk);
    if (!bar) return;
    bar.hidden = !chosen;
    all("[data-chosen]", bar).forEach((c) => (c.textContent = chosen));
  });

  // --- After a swap: focus goes where the change is, and a quiet voice says it.
  const dress = (root) => {
    all(".stepper input", root).forEach(bounds);
    all(".gallery-main", root).forEach(watchGallery);
    all("[data-live]", root).forEach(follow);
    all(".toast", root).forEach(settle);
    all("[data-must-match]", root).forEach((i) => i.dispatchEvent(new Event("input", { bubbles: true })));
    all(".bulk[data-quiet]", root).forEach((b) => (b.hidden = true));
    tick();
  };
  document.addEventListener("htmx:before:settle", (e) => {
    const target = e.target;
    if (target.classList?.contains("suggest")) return dressSuggestions(target);
    const root = target.parentElement || document;
    dress(root);
    const place = all("[data-focus]", root).find((p) => !p.dataset.seen);
    if (place) {
      place.dataset.seen = "yes";
      if (!place.matches("a, button, input, select, textarea")) place.tabIndex = -1;
      place.focus();
    }
    say(root.querySelector("[data-say]")?.dataset.say);
  });
  // What was left empty stays out of the address.
  document.addEventListener("htmx:config:request", (e) => {
    const { method, body } = e.detail.ctx.request;
    if (method === "GET") for (const [name, value] of [...body]) if (value === "") body.delete(name);
  });
  document.addEventListener("htmx:error", (e) => {
    if (e.detail.ctx) toast(document.body.dataset.offline || "That did not reach the shop. Check the connection and try again.", "danger");
  });

  all("[data-suggest]").forEach((input) => {
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    box(input).setAttribute("role", "listbox");
  });
  dress(document);
  document.querySelector("main [data-focus]")?.focus();
})();
