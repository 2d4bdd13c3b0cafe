// One message as elements. Text of people and of the bot reaches the page only
// as text nodes: formatting is rebuilt from the entities of the message, and
// what is not on the list below stays plain.

import { t, hour, size } from "./texts.js";
import { fileURL } from "./api.js";

const tags = {
  bold: "b",
  italic: "i",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
  expandable_blockquote: "blockquote",
};

// el makes an element with properties and children.
export function el(tag, props = {}, ...children) {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children.filter((child) => child !== null));
  return node;
}

// icon makes one of the icons of the page.
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

function safe(address) {
  try {
    return ["http:", "https:", "tg:", "mailto:", "tel:"].includes(new URL(address).protocol);
  } catch {
    return false;
  }
}

function link(address) {
  return el("a", { href: address, target: "_blank", rel: "noopener noreferrer" });
}

// commandButton types the command when it is pressed, as a tap on it does in the
// real service.
function commandButton(text) {
  const button = el("button", { type: "button", className: "command" }, text);
  button.dataset.command = text;
  return button;
}

// plain gives text without entities; commands in it can be pressed.
function plain(text) {
  return text.split(/(?<=^|[\s(（“])(\/[a-z][a-z0-9_]{0,31})(?![\w/])/).map((part, i) => (i % 2 ? commandButton(part) : part));
}

// element gives what an entity becomes; text is the text that it covers.
function element(entity, text) {
  if (tags[entity.type]) return el(tags[entity.type]);
  if (entity.type === "text_link" && safe(entity.url)) return link(entity.url);
  if (entity.type === "url" && safe(text)) return link(text);
  return el("span");
}

// fill writes text from..to into parent; offsets are UTF-16 units, as those of
// strings are here. Entities come sorted, the outer one first.
function fill(parent, text, entities, from, to) {
  let at = from;
  entities.forEach((entity, i) => {
    if (entity.offset < at || entity.offset >= to) return;
    const end = Math.min(entity.offset + entity.length, to);
    const child = element(entity, text.slice(entity.offset, end));
    fill(child, text, entities.slice(i + 1), entity.offset, end);
    parent.append(...plain(text.slice(at, entity.offset)), child);
    at = end;
  });
  parent.append(...plain(text.slice(at, to)));
}

// body gives the formatted text of a message. Commands are found in the text
// itself, since the service marks them where people type but not everywhere.
export function body(message) {
  const marked = (message.entities ?? []).filter(({ type }) => type !== "bot_command");
  const entities = marked.sort((a, b) => a.offset - b.offset || b.length - a.length);
  const node = el("div", { className: "text" });
  fill(node, message.text, entities, 0, message.text.length);
  return node;
}

// picture shows a picture in the room that its measures say, so that nothing moves
// when it has been loaded. A press opens it as a whole.
function picture(message) {
  const src = fileURL(message.chat, message.id);
  const image = el("img", { src, alt: t("page.photo"), ...message.photo });
  return el("a", { className: "picture", href: src, target: "_blank", rel: "noopener" }, image);
}

function attachment(message) {
  if (message.photo) return picture(message);
  if (!message.document) return null;
  const { name, size: bytes } = message.document;
  const words = el("span", {}, el("b", {}, name), el("small", {}, size(bytes)));
  return el("a", { className: "document", href: fileURL(message.chat, message.id), download: name }, icon("file"), words);
}

function key(button) {
  if (button.url) {
    if (!safe(button.url)) return el("span", { className: "key" }, button.text);
    const node = link(button.url);
    node.className = "key";
    node.append(button.text);
    return node;
  }
  const node = el("button", { type: "button", className: "key" }, button.text);
  node.dataset.data = button.data;
  return node;
}

function keys(message) {
  if (!message.buttons?.length) return null;
  const node = el("div", { className: "keys" });
  node.setAttribute("role", "group");
  node.setAttribute("aria-label", t("page.buttons"));
  for (const row of message.buttons) node.append(el("div", {}, ...row.map(key)));
  return node;
}

function meta(message) {
  const date = new Date(message.date);
  const time = el("time", { dateTime: message.date }, hour(date));
  const edited = message.editedAt ? el("span", {}, t("page.edited")) : null;
  return el("p", { className: "meta" }, edited, time);
}

// render gives a whole message; language is that of the person's bot.
export function render(message, language) {
  const who = message.fromBot ? t("page.said.bot") : t("page.said.person");
  const bubble = el("div", { className: "bubble" }, el("span", { className: "sr" }, who), attachment(message));
  if (message.text) bubble.append(body(message));
  bubble.append(meta(message));
  const node = el("div", { className: message.fromBot ? "said" : "said own", tabIndex: -1 }, bubble, keys(message));
  bubble.querySelector(".text")?.setAttribute("lang", language);
  node.querySelector(".keys")?.setAttribute("lang", language);
  node.dataset.id = message.id;
  if (message.album) node.dataset.album = message.album;
  return node;
}
