package main

// Records live for a moment: they are read, put into words and written. The heap of the
// service is a few megabytes, and the collector, which lets it double, would run up to two
// hundred times a second while many are written: a fifth of the processor time.
const roomSize = 16 << 20

// room is memory that nobody touches, so the machine never has to give it. The collector
// counts it as in use and lets the heap grow by as much before it runs. A larger GOGC
// would do the same for a small heap, and would multiply a large one, such as that of
// reading a spreadsheet; this adds the same to each.
var room []byte

// makeRoom is called when the process begins: memory that was used before would be
// cleared, and so touched.
func makeRoom() {
	if room == nil {
		room = make([]byte, roomSize)
	}
}
