// The list of commands above the line to type in: opened with the button or by
// typing "/", walked with the arrow keys, closed with Escape.

import { t } from "./texts.js";
import { el } from "./message.js";

let menus = 0;

export class Menu {
  // choose is called with the command that was picked, such as /help.
  constructor(root, choose) {
    this.list = root.querySelector(".menu");
    this.button = root.querySelector(".slash");
    this.line = root.querySelector(".line");
    this.commands = [];
    this.choose = choose;
    this.list.id = `menu-${++menus}`;
    this.line.setAttribute("aria-controls", this.list.id);
    this.button.setAttribute("aria-controls", this.list.id);
    this.listen(root);
  }

  listen(root) {
    this.button.addEventListener("click", () => {
      this.list.hidden ? this.open("") : this.close();
      this.line.focus();
    });
    this.line.addEventListener("input", () => this.follow());
    this.line.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const item = event.target.closest("[data-command]");
      if (item) this.pick(item);
    });
    root.addEventListener("focusout", (event) => {
      if (!root.contains(event.relatedTarget)) this.close();
    });
  }

  // follow opens the list while what is typed may still become a command.
  follow() {
    /^\/\w*$/.test(this.line.value) ? this.open(this.line.value.slice(1)) : this.close();
  }

  open(prefix) {
    const fitting = this.commands.filter((c) => c.command.startsWith(prefix));
    this.list.replaceChildren(...fitting.map((c, i) => this.item(c, i)));
    if (!this.commands.length) this.list.append(el("li", { className: "none" }, t("page.phone.nocommands")));
    this.show(fitting.length > 0 || !this.commands.length);
    this.mark(prefix && fitting.length ? 0 : -1);
  }

  item({ command, description }, i) {
    const node = el("li", { id: `${this.list.id}-${i}` }, el("b", {}, `/${command}`), el("span", {}, description));
    node.setAttribute("role", "option");
    node.dataset.command = `/${command}`;
    return node;
  }

  show(open) {
    this.list.hidden = !open;
    this.button.setAttribute("aria-expanded", open);
  }

  close() {
    this.show(false);
    this.mark(-1);
  }

  // mark moves the highlight to the item with index i, or takes it away.
  mark(i) {
    this.at = i;
    const items = [...this.list.querySelectorAll("[data-command]")];
    items.forEach((item, n) => item.setAttribute("aria-selected", n === i));
    this.line.removeAttribute("aria-activedescendant");
    if (i < 0 || !items[i]) return;
    this.line.setAttribute("aria-activedescendant", items[i].id);
    items[i].scrollIntoView({ block: "nearest" });
  }

  key(event) {
    if (this.list.hidden || event.isComposing) return;
    const items = this.list.querySelectorAll("[data-command]");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && items.length) {
      event.preventDefault();
      this.mark((this.at + step + items.length + (this.at < 0 && step < 0 ? 1 : 0)) % items.length);
    } else if (event.key === "Escape") {
      event.preventDefault();
      this.close();
    } else if (event.key === "Enter" && items[this.at]) {
      event.preventDefault();
      this.pick(items[this.at]);
    }
  }

  pick(item) {
    this.line.value = "";
    this.close();
    this.choose(item.dataset.command);
  }
}
