package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // time zones, for an image without any

	_ "golang.org/x/crypto/x509roots/fallback" // CA roots, likewise
)

func main() {
	makeRoom()
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run runs one command and gives its exit code. The first signal asks it to end,
// the second one does not ask.
func run(args []string, out, errs *os.File) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	c := newConsole(out, errs)
	return c.run(ctx, newRoot(c), args)
}
