// The page: three phones, a clock and a plan, all kept up to date by one stream.
// Read texts.js and api.js first, then message.js, sample.js, phone.js, clock.js, plan.js.

import { t, lang } from "./texts.js";
import { get, live } from "./api.js";
import { Phone } from "./phone.js";
import { Tabs } from "./tabs.js";
import { Clock } from "./clock.js";
import { Plan } from "./plan.js";

const remembered = "qingfeng.phones";
const main = document.getElementById("phones");
const offline = document.getElementById("offline");

let people = [];
let started = false;

const phones = [0, 1, 2].map((i) => new Phone(i, {
  change: (chat) => choose(i, chat),
  news: () => tabs.unread(i),
}));
main.append(...phones.map((phone) => phone.root));
const tabs = new Tabs(document.getElementById("tabs"), phones);
const plan = new Plan();
const clock = new Clock((now) => plan.tick(now), () => banner(t("page.failed")));

function banner(text) {
  offline.textContent = text;
  offline.hidden = !text;
}

function lost() {
  banner(t("page.offline"));
}

// first picks whom the phones show when nobody has chosen yet: an official, a liaison
// and one of the staff, of those who wait for the visitor.
function first() {
  const taken = new Set();
  const pick = (...wishes) => {
    const free = people.filter((p) => !taken.has(p.chat));
    const card = wishes.map((wish) => free.find(wish)).find(Boolean) ?? free[0] ?? people[0];
    taken.add(card.chat);
    return card.chat;
  };
  const has = (p, role) => p.roles.includes(role);
  const plain = (p) => p.roles.every((role) => role === "official");
  const liaison = pick((p) => p.yours && has(p, "liaison"), (p) => has(p, "liaison") && p.onDuty, (p) => has(p, "liaison"));
  const staff = pick((p) => p.yours && has(p, "staff"), (p) => has(p, "staff"), (p) => has(p, "head"));
  const official = pick((p) => p.yours && plain(p), plain, (p) => has(p, "official"));
  return [official, liaison, staff];
}

function recall() {
  try {
    const chats = JSON.parse(sessionStorage.getItem(remembered));
    if (chats?.length === 3 && chats.every((chat) => people.some((p) => p.chat === chat))) return chats;
  } catch {
    // Nothing usable is remembered.
  }
  return first();
}

async function choose(i, chat) {
  phones[i].wear(people.find((p) => p.chat === chat), people);
  sessionStorage.setItem(remembered, JSON.stringify(phones.map((phone) => phone.card.chat)));
  tabs.name();
  await phones[i].load().catch(lost);
}

function dress(cards) {
  people = cards;
  if (!people.length) return;
  const chats = started ? phones.map((phone) => phone.card.chat) : recall();
  const others = phones.filter((phone, i) => phone.wear(people.find((p) => p.chat === chats[i]) ?? people[0], people));
  started = true;
  tabs.name();
  return others;
}

// reload fetches everything: at the start, and whenever the stream had a gap.
async function reload() {
  const state = await get("state", { lang });
  clock.set(state.clock);
  dress(state.people);
  plan.set(state.plan, clock.now());
  if (started) await Promise.all(phones.map((phone) => phone.load()));
  banner("");
  document.body.dataset.ready = "true";
}

function on(chat, act) {
  if (started) phones.filter((phone) => phone.card.chat === chat).forEach(act);
}

live(lang, {
  onOpen: () => reload().catch(lost),
  onLost: lost,
  clock: (state) => clock.set(state),
  plan: (rows) => plan.set(rows, clock.now()),
  people: (cards) => dress(cards)?.forEach((phone) => phone.load().catch(lost)),
  message: (message) => on(message.chat, (phone) => phone.show(message)),
  toast: (toast) => on(toast.chat, (phone) => phone.answered(toast)),
  commands: ({ chat, commands }) => on(chat, (phone) => (phone.menu.commands = commands)),
});
