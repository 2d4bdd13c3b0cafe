// Package page is the chat page of the demo (演示页): three phones side by side,
// a clock that runs to the next event, and a strip that shows what the plan
// holds next and why. It is a handler without a build step: everything that
// the browser loads is embedded and comes from the same origin.
//
// The page talks to the phones of the sandbox directly, and to the office
// behind them through the interface Office, which the demo implements. Wording
// comes from the catalogue of texts, area "page".
//
// Read office.go (what the page needs to know), page.go (routes, headers and
// the first screen), state.go (what is shown), act.go (what a visitor does), file.go
// (pictures and documents, both ways), live.go (how changes reach the browser) and
// texts.go (what the browser says). The browser's side is in static/; it begins with
// main.js.
package page
