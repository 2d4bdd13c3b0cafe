// The strip: what the plan holds next, for whom, and why at that instant.

import { t, tc, instant, distance } from "./texts.js";
import { el } from "./message.js";

export class Plan {
  constructor() {
    this.list = document.getElementById("plan");
    this.fold = document.getElementById("plan-fold");
    this.rows = [];
    this.fold.addEventListener("click", () => {
      const open = this.fold.getAttribute("aria-expanded") === "true";
      this.fold.setAttribute("aria-expanded", !open);
    });
  }

  // set shows rows as they stand at now.
  set(rows, now) {
    this.rows = rows;
    const none = el("li", { className: "none" }, t("page.plan.none"));
    this.list.replaceChildren(...(rows.length ? rows.map((row) => build(row, now)) : [none]));
    const [next] = rows;
    const line = next ? t("page.plan.next", { what: next.what, at: instant(new Date(next.at), now) }) : t("page.plan.none");
    this.fold.firstElementChild.textContent = line;
    this.tick(now);
  }

  // tick writes anew how far away everything is.
  tick(now) {
    if (!now) return;
    this.rows.forEach((row, i) => {
      this.list.children[i].querySelector(".in").textContent = distance(now, new Date(row.at));
    });
  }
}

function build(row, now) {
  const node = document.getElementById("row-template").content.cloneNode(true).firstElementChild;
  const find = (selector) => node.querySelector(selector);
  const at = new Date(row.at);
  find("time").dateTime = row.at;
  find("time").textContent = instant(at, now);
  find(".title").textContent = row.what;
  find(".tag").hidden = !row.provisional;
  find(".who").textContent = tc("page.plan.who", { audience: row.audience, Count: row.recipients });
  find(".why span").textContent = row.reason;
  return node;
}
