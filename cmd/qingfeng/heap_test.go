package main

import (
	"runtime"
	"testing"
)

// TestRoom: the heap may grow by the room before it is collected. That the room takes
// nothing from the machine shows in the idle row of the benchmark.
func TestRoom(t *testing.T) {
	makeRoom()
	runtime.GC()
	var heap runtime.MemStats
	runtime.ReadMemStats(&heap)
	if heap.NextGC < 2*roomSize {
		t.Errorf("the heap is collected at %d bytes", heap.NextGC)
	}
}
