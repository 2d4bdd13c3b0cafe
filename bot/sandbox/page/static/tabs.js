// Where three phones have no room, one is shown and tabs choose which.

import { el } from "./message.js";
import { duties } from "./phone.js";

const narrow = matchMedia("(max-width: 1079px)");

export class Tabs {
  constructor(node, phones) {
    this.node = node;
    this.phones = phones;
    this.at = 0;
    this.buttons = phones.map((phone, i) => this.button(phone, i));
    node.append(...this.buttons);
    node.addEventListener("keydown", (event) => this.key(event));
    narrow.addEventListener("change", () => this.arrange());
    this.arrange();
  }

  button(phone, i) {
    const node = el("button", { type: "button", id: `tab-${i}` }, el("b"), el("span"));
    node.setAttribute("role", "tab");
    node.setAttribute("aria-controls", phone.root.id);
    node.addEventListener("click", () => this.select(i));
    return node;
  }

  // name writes the names of the people onto the tabs.
  name() {
    this.phones.forEach(({ card }, i) => {
      const [name, role] = this.buttons[i].children;
      name.textContent = card.name;
      role.textContent = duties(card);
    });
  }

  // unread marks the tab of a phone that is out of sight.
  unread(i) {
    if (narrow.matches && i !== this.at) this.buttons[i].classList.add("unread");
  }

  select(i) {
    this.at = i;
    this.arrange();
    this.phones[i].toEnd();
  }

  // arrange sets what is shown and what a screen reader is told.
  arrange() {
    narrow.matches ? this.node.setAttribute("role", "tablist") : this.node.removeAttribute("role");
    this.phones.forEach(({ root }, i) => {
      root.hidden = narrow.matches && i !== this.at;
      narrow.matches ? root.setAttribute("role", "tabpanel") : root.removeAttribute("role");
      this.buttons[i].setAttribute("aria-selected", i === this.at);
      this.buttons[i].tabIndex = i === this.at ? 0 : -1;
      if (i === this.at || !narrow.matches) this.buttons[i].classList.remove("unread");
    });
  }

  key(event) {
    const last = this.buttons.length - 1;
    const to = {
      ArrowRight: this.at === last ? 0 : this.at + 1,
      ArrowLeft: this.at === 0 ? last : this.at - 1,
      Home: 0,
      End: last,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.select(to);
    this.buttons[to].focus();
  }
}
