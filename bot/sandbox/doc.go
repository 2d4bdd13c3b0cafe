// Package sandbox is a Bot API server of our own (沙箱) with people who type and
// tap. The demo, rehearsals and tests talk to it as if it were the chat service:
// over HTTP (Server is a handler) or inside the process (Server.Do).
//
// It knows the methods that this project uses and makes the checks that the
// service makes, with its codes and descriptions, so that what is wrong fails
// here and not in an office. Where the service is lenient and its documentation
// is not, the sandbox holds the bot to the documentation; such places say so.
//
// It imports the standard library only, so that it cannot share the mistakes of
// a client library.
//
// Read in this order: server.go, http.go, methods.go, params.go, refusal.go (a
// call comes in and is answered); message.go, wire.go, chat.go, send.go,
// media.go, files.go, edit.go, edit_media.go, delete.go, copy.go (messages); html.go, entity.go, render.go,
// text.go, markup.go (what they may contain); callback.go, commands.go (taps and
// menus); updates.go, webhook.go (what the bot receives); person.go, group.go, group_leave.go
// (who writes to it); limits.go, fault.go, calls.go, event.go, transcript.go
// (what tests and the demo need).
package sandbox
