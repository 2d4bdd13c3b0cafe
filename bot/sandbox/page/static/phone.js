// One phone: whose it is, what was said, and what the visitor does on it.

import { t, day, dayKey } from "./texts.js";
import { get, post, postFile, postPicture, postAlbum, isPicture } from "./api.js";
import { el, render } from "./message.js";
import { Menu } from "./menu.js";
import { draw } from "./sample.js";

const largestFile = 20 << 20;
const largestAlbum = 10;

export class Phone {
  // change is called when the visitor wants to see somebody else's phone, news
  // when something arrived on it.
  constructor(index, { change, news }) {
    this.root = document.getElementById("phone-template").content.cloneNode(true).firstElementChild;
    this.root.id = `phone-${index}`;
    this.find = (selector) => this.root.querySelector(selector);
    this.log = this.find(".log");
    this.toastNode = this.find(".toast");
    this.messages = new Map();
    this.news = news;
    this.menu = new Menu(this.find(".composer"), (command) => this.type(command));
    this.find(".person").addEventListener("change", (event) => change(Number(event.target.value)));
    this.listen();
  }

  listen() {
    const line = this.find(".line");
    this.find(".composer").addEventListener("submit", (event) => {
      event.preventDefault();
      const text = line.value.trim();
      line.value = "";
      this.menu.close();
      if (text) this.type(text);
    });
    line.addEventListener("keypress", (event) => this.enter(event));
    this.find(".invite button").addEventListener("click", () => {
      this.type(`/start ${this.card.inviteCode}`);
      line.focus();
    });
    this.find(".clip").addEventListener("click", () => this.find(".file").click());
    this.find(".file").addEventListener("change", (event) => this.attach(event.target));
    this.find(".snap").addEventListener("click", () => this.snap());
    this.log.addEventListener("click", (event) => this.click(event.target));
    this.log.addEventListener("scroll", () => this.atEnd() && (this.find(".latest").hidden = true));
    this.find(".alert").addEventListener("keydown", (event) => event.key === "Escape" && event.currentTarget.close());
    this.find(".latest").addEventListener("click", () => {
      this.toEnd();
      this.log.focus();
    });
  }

  // enter sends what is typed; with Shift, or on a screen keyboard, it begins a new line.
  // The menu, and whoever composes characters, take the key before.
  enter(event) {
    if (event.key !== "Enter" || event.shiftKey) return;
    if (matchMedia("(pointer: coarse)").matches) return;
    event.preventDefault();
    event.target.form.requestSubmit();
  }

  // wear shows the phone of card; people fills the list of whom to choose.
  wear(card, people) {
    const other = this.card?.chat !== card.chat;
    this.card = card;
    this.choices(people);
    this.find(".avatar").textContent = [...card.name][0];
    this.find(".post").textContent = [card.unit, card.title].filter(Boolean).join(" · ");
    this.find(".duties").textContent = duties(card);
    this.find(".invite").hidden = card.bound || !card.inviteCode;
    this.samples(card.samples ?? []);
    this.root.setAttribute("aria-label", t("page.phone.of", { name: card.name }));
    this.log.setAttribute("aria-label", t("page.phone.log", { name: card.name }));
    if (other) this.clear();
    return other;
  }

  choices(people) {
    const select = this.find(".person");
    const stamp = people.map((p) => `${p.chat}${p.name}${p.unit}${p.title}`).join();
    if (stamp !== this.stamp) {
      const units = Map.groupBy ? Map.groupBy(people, (p) => p.unit) : new Map([["", people]]);
      select.replaceChildren(...[...units].map(([unit, members]) => {
        const group = el("optgroup", { label: unit });
        group.append(...members.map((p) => el("option", { value: p.chat }, p.name)));
        return group;
      }));
      this.stamp = stamp;
    }
    select.value = this.card.chat;
  }

  // samples offers files that are sent with one tap.
  samples(names) {
    const node = this.find(".samples");
    if (node.dataset.names === names.join()) return;
    const end = this.atEnd();
    node.dataset.names = names.join();
    node.hidden = !names.length;
    node.querySelector("ul").replaceChildren(...names.map((name) => {
      const button = el("button", { type: "button", className: "plain" }, name);
      button.addEventListener("click", () => this.attempt(() => post("sample", { chat: this.card.chat, name })));
      return el("li", {}, button);
    }));
    if (end) this.toEnd();
  }

  clear() {
    this.messages.clear();
    this.ended = undefined;
    this.log.setAttribute("aria-busy", "true");
    this.log.replaceChildren();
    this.toast("");
    this.find(".alert").close();
    this.menu.commands = [];
  }

  // load fetches everything of this phone again. What arrives meanwhile is newer
  // than what was asked for, so it is put aside and shown afterwards.
  async load() {
    const chat = this.card.chat;
    const waiting = (this.waiting = []);
    const { messages, commands } = await get("chat", { chat });
    if (this.waiting !== waiting || this.card.chat !== chat) return;
    this.waiting = null;
    this.messages = new Map(messages.map((m) => [m.id, m]));
    this.menu.commands = commands;
    this.draw();
    waiting.forEach((message) => this.show(message));
  }

  draw() {
    this.log.setAttribute("aria-busy", "true");
    this.ended = undefined;
    this.log.replaceChildren();
    for (const message of [...this.messages.values()].sort((a, b) => a.id - b.id)) {
      if (!message.deleted) this.append(message);
    }
    if (!this.log.children.length) this.log.append(el("p", { className: "empty" }, t("page.phone.empty")));
    this.toEnd();
    this.log.setAttribute("aria-busy", "false");
  }

  append(message) {
    this.log.querySelector(".empty")?.remove();
    const date = new Date(message.date);
    if (dayKey(date) !== this.ended) this.log.append(el("p", { className: "day-mark" }, el("span", {}, day(date))));
    this.ended = dayKey(date);
    const node = render(message, this.card.language);
    this.log.append(node);
    return node;
  }

  // show takes in a message that is new or has changed.
  show(message) {
    if (this.waiting) return void this.waiting.push(message);
    const end = this.atEnd();
    const old = this.log.querySelector(`[data-id="${message.id}"]`);
    this.messages.set(message.id, message);
    if (message.deleted) old?.remove();
    else if (old) this.replace(old, message);
    else this.append(message).classList.add("fresh");
    if (end || !message.fromBot) this.follow(message);
    else if (!old && !message.deleted) this.find(".latest").hidden = false;
    if (message.fromBot) this.news();
  }

  // replace puts an edited message in the place of the old one and keeps the
  // keyboard focus on it.
  replace(old, message) {
    const node = render(message, this.card.language);
    const focused = old.contains(document.activeElement);
    const key = document.activeElement?.dataset?.data;
    if (message.text !== old.querySelector(".text")?.textContent || message.editedAt) node.classList.add("changed");
    old.replaceWith(node);
    if (!focused) return;
    const again = [...node.querySelectorAll("[data-data]")].find((b) => b.dataset.data === key);
    (again ?? node).focus({ preventScroll: true });
  }

  atEnd() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 60;
  }

  // follow goes to the end, and again when a picture that came has its size.
  follow(message) {
    this.toEnd();
    const picture = this.log.querySelector(`[data-id="${message.id}"] img`);
    if (picture && !picture.complete) picture.addEventListener("load", () => this.toEnd(), { once: true });
  }

  toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
    this.find(".latest").hidden = true;
  }

  click(target) {
    const command = target.closest("[data-command]");
    if (command) return void this.type(command.dataset.command);
    const key = target.closest("[data-data]");
    if (key && key.getAttribute("aria-busy") !== "true") this.tap(key);
  }

  // tap waits, as the real service does, until the bot answers the tap or edits
  // the message, but not for ever.
  async tap(key) {
    const message = Number(key.closest("[data-id]").dataset.id);
    key.setAttribute("aria-busy", "true");
    const sent = await this.attempt(() => post("tap", { chat: this.card.chat, message, data: key.dataset.data }));
    setTimeout(() => key.removeAttribute("aria-busy"), sent ? 8000 : 0);
  }

  // answered shows what the bot says to a tap: for a moment, or until it is closed.
  answered({ message, text, alert }) {
    this.log.querySelectorAll(`[data-id="${message}"] [aria-busy]`).forEach((key) => key.removeAttribute("aria-busy"));
    if (!alert) return void this.toast(text);
    this.find(".alert p").textContent = text;
    this.find(".alert").show();
  }

  async type(text) {
    await this.attempt(() => post("type", { chat: this.card.chat, text }));
  }

  // caption takes what was typed as the caption of what is being sent.
  caption() {
    const line = this.find(".line");
    const text = line.value.trim();
    line.value = "";
    return text;
  }

  async attach(input) {
    const files = [...input.files];
    input.value = "";
    if (!files.length) return;
    if (files.length > largestAlbum) return void this.toast(t("page.file.many"));
    if (files.some((file) => file.size > largestFile)) return void this.toast(t("page.file.large"));
    const { chat } = this.card;
    const caption = this.caption();
    if (files.length > 1) return void (await this.attempt(() => postAlbum(chat, files, caption)));
    const send = isPicture(files[0]) ? postPicture : postFile;
    await this.attempt(() => send(chat, files[0], caption));
  }

  // snap sends a picture that is drawn here and says that it is a sample.
  async snap() {
    const { chat } = this.card;
    const caption = this.caption();
    await this.attempt(async () => postPicture(chat, await draw(), caption));
  }

  // attempt reports whether act succeeded, and tells the visitor if not.
  async attempt(act) {
    try {
      await act();
      return true;
    } catch {
      this.toast(t("page.failed"));
      return false;
    }
  }

  // toast shows a short text for a few seconds, longer if it is long.
  toast(text) {
    clearTimeout(this.toastTimer);
    if (text) this.toastNode.textContent = text;
    this.toastNode.classList.toggle("shown", Boolean(text));
    if (text) this.toastTimer = setTimeout(() => this.toast(""), 3500 + 60 * text.length);
  }
}

// duties names what a person is in the office, the plain official left out
// where there is more to say.
export function duties(card) {
  const roles = card.roles.length > 1 ? card.roles.filter((role) => role !== "official") : card.roles;
  const names = roles.map((role) => t(`page.role.${role}`));
  if (card.onDuty) names.push(t("page.role.duty"));
  return names.join(t("page.and"));
}
