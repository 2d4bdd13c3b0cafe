package bolt_test

import (
	"path/filepath"
	"testing"

	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/bolt"
	"github.com/qingfeng-bot/qingfeng/reminders/store/enginetest"
)

// TestEngine holds the engine to the contract.
func TestEngine(t *testing.T) {
	enginetest.Run(t, func(t *testing.T) func() store.Engine {
		path := filepath.Join(t.TempDir(), "qingfeng.db")
		return func() store.Engine {
			e, err := bolt.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			return e
		}
	})
}
