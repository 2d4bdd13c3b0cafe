package mem_test

import (
	"testing"

	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/enginetest"
	"github.com/qingfeng-bot/qingfeng/reminders/store/mem"
)

// TestEngine holds the engine to the contract.
func TestEngine(t *testing.T) {
	enginetest.Run(t, func(*testing.T) func() store.Engine {
		memory := new(mem.Memory)
		return func() store.Engine { return memory.Open() }
	})
}
