package store

import (
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// Keys of other systems:
//
//	token/HASH            a token, by the hash of its secret
//	request/TOKEN/KEY     what a token brought under a key of its own

// Gate gives the records of tokens and of what they brought.
func (s *Store) Gate() notice.GateStore { return gateRecords{} }

type gateRecords struct{}

func (gateRecords) TokenByHash(tx reminders.Tx, hash string) (notice.Token, bool, error) {
	return load[notice.Token](tx, "token/"+hash)
}

func (gateRecords) Tokens(tx reminders.Tx) ([]notice.Token, error) {
	return listPrefix[notice.Token](tx, "token/")
}

func (gateRecords) SaveToken(tx reminders.Tx, t notice.Token) error {
	return save(tx, "token/"+t.Hash, t)
}

func (gateRecords) Request(tx reminders.Tx, token, key string) (notice.Request, bool, error) {
	return load[notice.Request](tx, "request/"+token+"/"+key)
}

func (gateRecords) SaveRequest(tx reminders.Tx, r notice.Request) error {
	return save(tx, "request/"+r.Token+"/"+r.Key, r)
}
