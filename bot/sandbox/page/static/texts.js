// The wording of the page, and how it writes dates: in the language of the page
// and in the time zone of the office, never in that of the visitor's computer.

const catalogue = JSON.parse(document.getElementById("texts").textContent);

export const lang = document.documentElement.lang;
const chinese = lang.startsWith("zh");
const locale = chinese ? "zh-CN" : "en-US";

// t gives the text of a key, with {name} replaced by args.name.
export function t(key, args = {}) {
  const text = catalogue[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in args ? String(args[name]) : whole));
}

// tc chooses between one and several by args.Count.
export function tc(key, args) {
  return t(args.Count === 1 ? `${key}.one` : key, args);
}

let zone = "Asia/Shanghai";
let formats = {};

// setZone changes the time zone in which everything is shown.
export function setZone(name) {
  if (!name || name === zone) return;
  zone = name;
  formats = {};
}

function format(name, options) {
  formats[name] ??= new Intl.DateTimeFormat(locale, { timeZone: zone, ...options });
  return formats[name];
}

// hour is the time of day, such as 09:00.
export function hour(date) {
  return format("hour", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(date);
}

// parts are the pieces of a date that the texts put in order. Chinese names the
// month by its number.
function parts(date) {
  const options = { year: "numeric", month: chinese ? "numeric" : "short", day: "numeric", weekday: "short" };
  const found = format("parts", options).formatToParts(date);
  return Object.fromEntries(found.map(({ type, value }) => [type, value.replace(/[年月日]$/, "")]));
}

// day is the date with its weekday.
export function day(date) {
  return t("page.day", parts(date));
}

// instant is date and time of day, as the voice of the office writes them; with
// the year if it is not that of now.
export function instant(date, now = date) {
  const found = parts(date);
  const key = found.year === parts(now).year ? "page.instant" : "page.instant.year";
  return t(key, { ...found, hour: hour(date) });
}

// dayKey is the same for two instants of one day.
export function dayKey(date) {
  return format("key", { year: "numeric", month: "2-digit", day: "2-digit" }).format(date);
}

// distance says how far away an instant is: in 3 days, in 40 minutes.
export function distance(from, to) {
  const minutes = Math.max(0, Math.round((to - from) / 60000));
  if (minutes < 1) return t("page.in.now");
  if (minutes < 60) return tc("page.in.minutes", { Count: minutes });
  if (minutes < 48 * 60) return tc("page.in.hours", { Count: Math.round(minutes / 60) });
  return tc("page.in.days", { Count: Math.round(minutes / 1440) });
}

// pace names a speed of the clock, given in simulated seconds a second.
export function pace(seconds) {
  if (seconds % 86400 === 0) return tc("page.speed.days", { Count: seconds / 86400 });
  if (seconds % 3600 === 0) return tc("page.speed.hours", { Count: seconds / 3600 });
  if (seconds % 60 === 0) return tc("page.speed.minutes", { Count: seconds / 60 });
  return tc("page.speed.seconds", { Count: seconds });
}

// size names the size of a file.
export function size(bytes) {
  const units = ["B", "KB", "MB"];
  let i = 0;
  for (; bytes >= 1024 && i < units.length - 1; i++) bytes /= 1024;
  return `${bytes.toFixed(i && bytes < 10 ? 1 : 0)} ${units[i]}`;
}
