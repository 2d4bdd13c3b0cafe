package main

import (
	"fmt"
	"os"
	"strings"
	"syscall"

	"github.com/rogpeppe/go-internal/testscript"
)

func init() {
	scriptCommands["disk"] = mountDisk
	mayMount = tryMount
}

// tryMount reports whether this process may mount a disk.
func tryMount() bool {
	dir, err := os.MkdirTemp("", "qingfeng-mount-")
	if err != nil {
		return false
	}
	defer func() { _ = os.Remove(dir) }()
	if syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=64k") != nil {
		return false
	}
	return syscall.Unmount(dir, syscall.MNT_DETACH) == nil
}

// mountDisk makes a directory a disk of its own: "disk DIR SIZE", or, for one that
// is a disk already, "disk DIR ro". A list of people that does not fit into what is left is put beside it.
func mountDisk(ts *testscript.TestScript, _ bool, args []string) {
	dir := ts.MkAbs(args[0])
	if args[1] == "ro" {
		ts.Check(syscall.Mount("", dir, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""))
		return
	}
	ts.Check(syscall.Mount("tmpfs", dir, "tmpfs", 0, "mode=700,size="+args[1]))
	ts.Defer(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	var many strings.Builder
	many.WriteString("staff_no,name,unit\n")
	for n := range 3000 {
		fmt.Fprintf(&many, "M%d,某某,示例市某局\n", n)
	}
	ts.Check(os.WriteFile(ts.MkAbs("many.csv"), []byte(many.String()), 0o600))
}
