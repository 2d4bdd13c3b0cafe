// Package mem is an engine in memory, for tests and rehearsals. It keeps the
// contract of package store except that nothing survives the process; within the
// process a Memory outlives the engines opened on it, so a restart can be played.
package mem

import (
	"context"
	"sync"

	"github.com/qingfeng-bot/qingfeng/reminders/store"
)

// MaxChanges is how many changes one Apply may carry: etcd's default, so that
// what works in tests works on the strictest engine.
const MaxChanges = 128

// Memory is what a disk is to other engines. The zero value is empty and ready.
type Memory struct {
	mu   sync.RWMutex // guards the fields; what tree points to never changes
	tree tree
	rev  uint64
}

// Engine is an engine on a Memory.
type Engine struct {
	memory *Memory
	mu     sync.RWMutex // guards closed
	closed bool
}

var _ store.Engine = (*Engine)(nil)

// New opens an engine on a memory of its own.
func New() *Engine { return new(Memory).Open() }

// Open opens an engine on what m holds.
func (m *Memory) Open() *Engine { return &Engine{memory: m} }

// state gives what m holds at this moment.
func (m *Memory) state() tree {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.tree
}

// ready refuses a context that has ended and an engine that is closed.
func (e *Engine) ready(ctx context.Context, op string) error {
	e.mu.RLock()
	defer e.mu.RUnlock()
	if e.closed {
		return store.ErrClosed(op)
	}
	return ctx.Err()
}

// Get implements store.Reader.
func (e *Engine) Get(ctx context.Context, key string) (store.Record, bool, error) {
	if err := e.ready(ctx, "mem.get"); err != nil {
		return store.Record{}, false, err
	}
	record, ok := e.memory.state().get(key)
	return record, ok, nil
}

// List implements store.Reader.
func (e *Engine) List(ctx context.Context, from, to string, limit int) ([]store.Record, error) {
	if err := e.ready(ctx, "mem.list"); err != nil {
		return nil, err
	}
	return e.memory.state().list(from, to, limit), nil
}

// Snapshot implements store.Engine. It costs nothing, since trees never change.
func (e *Engine) Snapshot(ctx context.Context) (store.Snapshot, error) {
	if err := e.ready(ctx, "mem.snapshot"); err != nil {
		return nil, err
	}
	return &snapshot{tree: e.memory.state()}, nil
}

// Apply implements store.Engine.
func (e *Engine) Apply(ctx context.Context, changes ...store.Change) error {
	if err := e.ready(ctx, "mem.apply"); err != nil {
		return err
	}
	changes, err := store.InOrder(changes, MaxChanges)
	if err != nil || len(changes) == 0 {
		return err
	}
	m := e.memory
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range changes {
		record, _ := m.tree.get(c.Key)
		if err := store.CheckSeen(c, record.Rev); err != nil {
			return err
		}
	}
	m.rev++
	m.tree = m.tree.with(changes, m.rev)
	return nil
}

// MaxChanges implements store.Engine.
func (e *Engine) MaxChanges() int { return MaxChanges }

// Close implements store.Engine.
func (e *Engine) Close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.closed = true
	return nil
}

// snapshot is one state of a Memory.
type snapshot struct {
	tree   tree
	closed bool
}

// Get implements store.Reader.
func (s *snapshot) Get(ctx context.Context, key string) (store.Record, bool, error) {
	if s.closed {
		return store.Record{}, false, store.ErrClosed("mem.get")
	}
	record, ok := s.tree.get(key)
	return record, ok, ctx.Err()
}

// List implements store.Reader.
func (s *snapshot) List(ctx context.Context, from, to string, limit int) ([]store.Record, error) {
	if s.closed {
		return nil, store.ErrClosed("mem.list")
	}
	return s.tree.list(from, to, limit), ctx.Err()
}

// Close implements store.Snapshot.
func (s *snapshot) Close() error {
	s.tree, s.closed = nil, true
	return nil
}
