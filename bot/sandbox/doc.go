// Package sandbox is a Bot API server of our own, with people who type and tap.
// The demo, rehearsals and tests talk to it as if it were the chat service.
package sandbox
