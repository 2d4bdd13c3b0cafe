// Package wire is the Bot API on the wire: what leaves for the chat service and
// what comes back from it, and nothing of what it means.
//
// Outwards, a Client sends, edits, answers and deletes through the go-telegram
// library and says of every attempt what is certain: sent, not sent, unknown. It
// does not believe the library about that but reads status, error code,
// retry_after and message id itself, from a small wrapper below the library.
//
// Inwards, a Poller or a Webhook hands raw updates to an Inbox and confirms them
// only after the Inbox has them. Decode reads one raw update later, when it is
// its turn. A Guard sees every text before anything is written down.
//
// The token of the bot is part of every address. It never gets into an error, a
// log line or an outcome; tests search for it.
//
// Read token.go, doer.go, client.go, exchange.go, classify.go, outgoing.go, step.go,
// attach.go, form.go, edit.go, edit_file.go, remove.go, keyboard.go, markup.go, split.go and method.go for the
// way out; update.go, decode.go, inbox.go, group.go, sieve.go, poller.go, poll.go, webhook.go and
// file.go for the way in.
package wire
