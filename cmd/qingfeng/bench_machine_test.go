package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// The facts of a machine come from /proc. Where there is none they are unknown, and
// what depends on them is not measured.

// machine is what figures depend on.
type machine struct {
	CPU   string `json:"cpu"`
	Cores int    `json:"cores"`
	Go    string `json:"go"`
	Disk  string `json:"disk"`
	Place string `json:"-"`
	Date  string `json:"date"`
}

// machineOf describes this machine and the disk under place.
func machineOf(place string, now time.Time) machine {
	return machine{
		CPU: fieldOf("/proc/cpuinfo", "model name"), Cores: runtime.GOMAXPROCS(0), Go: runtime.Version(),
		Disk: diskOf(place), Place: place, Date: now.Format("2006-01-02"),
	}
}

// String is one line.
func (m machine) String() string {
	return fmt.Sprintf("%s, %d cores, %s %s/%s, disk %s, %s", m.CPU, m.Cores, m.Go, runtime.GOOS, runtime.GOARCH, m.Disk, m.Date)
}

// memoryDisk reports whether the place is in memory, where nothing is durable.
func (m machine) memoryDisk() bool { return m.Disk == "tmpfs" || m.Disk == "ramfs" }

// fieldOf gives the first value of a name in a file of lines "name : value".
func fieldOf(path, name string) string {
	file, err := os.Open(path)
	if err != nil {
		return "unknown"
	}
	defer func() { _ = file.Close() }()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if key, value, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}

// diskOf names the file system under a place.
func diskOf(place string) string {
	place, err := filepath.EvalSymlinks(place)
	if err != nil {
		return "unknown"
	}
	mounts, err := os.ReadFile("/proc/mounts")
	if err != nil {
		return "unknown"
	}
	kind, longest := "unknown", -1
	for line := range strings.Lines(string(mounts)) {
		parts := strings.Fields(line)
		if len(parts) < 3 || len(parts[1]) < longest {
			continue
		}
		if within := strings.TrimSuffix(parts[1], "/") + "/"; strings.HasPrefix(place+"/", within) {
			kind, longest = parts[2], len(parts[1])
		}
	}
	return kind
}

// anonymous is how much memory of a process is its own: all but mapped files, in
// bytes. It is zero where that is unknown.
func anonymous(pid int) int64 {
	text, _, _ := strings.Cut(fieldOf(fmt.Sprintf("/proc/%d/status", pid), "RssAnon"), " ")
	kilobytes, _ := strconv.ParseInt(text, 10, 64)
	return kilobytes << 10
}

// tick is the unit of time in /proc/PID/stat on every Linux that Go runs on.
const tick = 10 * time.Millisecond

// processorTime is how long a process has kept a core busy.
func processorTime(pid int) (time.Duration, bool) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, false
	}
	_, rest, _ := strings.Cut(string(text), ") ") // the name before may hold anything
	parts := strings.Fields(rest)
	if len(parts) < 13 {
		return 0, false
	}
	user, _ := strconv.ParseInt(parts[11], 10, 64)
	system, _ := strconv.ParseInt(parts[12], 10, 64)
	return time.Duration(user+system) * tick, true
}

// watchMemory takes the largest anonymous memory of this process until stop.
func watchMemory() (stop func() (largest int64)) {
	ended, answer := make(chan struct{}), make(chan int64)
	go func() {
		ticker := time.NewTicker(20 * time.Millisecond)
		defer ticker.Stop()
		largest := anonymous(os.Getpid())
		for {
			select {
			case <-ended:
				answer <- max(largest, anonymous(os.Getpid()))
				return
			case <-ticker.C:
				largest = max(largest, anonymous(os.Getpid()))
			}
		}
	}()
	return func() int64 { close(ended); return <-answer }
}
