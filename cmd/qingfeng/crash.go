package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/qingfeng-bot/qingfeng/reminders/crashpoint"
)

// crashVariable names the point and the pass at which the process kills itself, such
// as "sent:3". It is no flag: it is for the tests that kill the real process.
const crashVariable = envPrefix + "CRASH_AT"

// armAlone arms the point of the environment for a command that speaks to no chat
// service: only where the environment names one on this machine.
func armAlone(errs io.Writer) error {
	api := os.Getenv(variableOf("api-url"))
	if api == "" {
		return nil
	}
	return armCrash(os.Getenv(crashVariable), api, errs)
}

// armCrash arms the point that value names. Against a chat service that is not on
// this machine it does nothing, whatever the environment says.
func armCrash(value, apiURL string, errs io.Writer) error {
	if value == "" || !loopback(apiURL) {
		return nil
	}
	name, pass, _ := strings.Cut(value, ":")
	point, known := crashpoint.Named(name)
	n, err := strconv.ParseInt(pass, 10, 64)
	if !known || err != nil || n < 1 {
		return badValue(crashVariable, value, "sent:3")
	}
	var passes atomic.Int64
	crashpoint.Arm(func(p crashpoint.Point) {
		if p != point || passes.Add(1) != n {
			return
		}
		_, _ = fmt.Fprintln(errs, "crash at "+value)
		if self, err := os.FindProcess(os.Getpid()); err == nil {
			_ = self.Kill()
		}
		select {} // what comes after the point never happens
	})
	return nil
}
