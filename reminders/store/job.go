package store

import "sync/atomic"

// job is one run of a unit of work on its way through the sequencer.
type job struct {
	unit  *Unit
	err   error // what its function returned when it ran during its turn
	state atomic.Int32
	done  chan error // gets the outcome, once

	// turn and back are there for a job that has lost too often. The sequencer
	// hands out the state to run on through turn and waits for back; nothing is
	// admitted meanwhile, so this run cannot be overtaken.
	turn chan Reader
	back chan struct{}
}

// The states of a job. It leaves waiting once: taken by the sequencer, or
// withdrawn by whoever waits for it. So a caller whose context ends always knows
// whether its unit was committed.
const (
	waiting int32 = iota
	taken
	withdrawn
)

// newJob makes a job of a unit that has run. One that insists gets a turn if it
// is stale once more.
func newJob(u *Unit, insists bool) *job {
	j := &job{unit: u, done: make(chan error, 1)}
	if insists {
		j.turn, j.back = make(chan Reader, 1), make(chan struct{}, 1)
	}
	return j
}

// take is how the sequencer claims the job.
func (j *job) take() bool { return j.state.CompareAndSwap(waiting, taken) }

// withdraw takes the job back; false means that it is too late.
func (j *job) withdraw() bool { return j.state.CompareAndSwap(waiting, withdrawn) }
