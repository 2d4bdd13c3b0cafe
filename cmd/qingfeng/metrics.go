package main

import (
	"context"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// The metrics of the service. None carries the name of a person or a unit.
var (
	metricBuild = prometheus.NewDesc("qingfeng_build_info",
		"Always 1; the labels say what is running.", []string{"version", "commit", "go"}, nil)
	metricReady = prometheus.NewDesc("qingfeng_ready",
		"1 while updates are received.", nil, nil)
	metricOutbox = prometheus.NewDesc("qingfeng_outbox_deliveries",
		"Messages that wait to be sent, by lane.", []string{"lane"}, nil)
	metricInbox = prometheus.NewDesc("qingfeng_inbox_updates",
		"Updates that wait to be handled.", nil, nil)
	metricQuarantine = prometheus.NewDesc("qingfeng_quarantine_updates",
		"Updates that could not be read or handled and are kept for the operator.", nil, nil)
	metricUnexplained = prometheus.NewDesc("qingfeng_audit_unexplained",
		"Lines of the obligation book that the last self-audit could not explain.", nil, nil)
	metricAuditAge = prometheus.NewDesc("qingfeng_audit_age_seconds",
		"Time since the last self-audit, on the clock of the service.", nil, nil)
	metricOldest = prometheus.NewDesc("qingfeng_outbox_oldest_seconds",
		"For how long the first message of a lane has been due, on the clock of the service.", []string{"lane"}, nil)
	metricObligations = prometheus.NewDesc("qingfeng_obligations",
		"Lines of the obligation book by state, as the last self-audit counted them.", []string{"state"}, nil)
	metricMuted = prometheus.NewDesc("qingfeng_muted",
		"1 while a restored store waits for an admin and nothing is sent.", nil, nil)
	metricBytes = prometheus.NewDesc("qingfeng_store_bytes",
		"Size of the store, free pages included.", nil, nil)
	metricFree = prometheus.NewDesc("qingfeng_store_free_ratio",
		"Share of the store that is free; over 0.5 the next start makes it compact.", nil, nil)
	metricQuota = prometheus.NewDesc("qingfeng_store_quota_bytes",
		"Size that the store may reach; absent without --quota.", nil, nil)
	metricPollAge = prometheus.NewDesc("qingfeng_poll_age_seconds",
		"Time since the last successful poll for updates; absent with a webhook.", nil, nil)
)

// metrics reads the state of a service when somebody asks for it.
type metrics struct {
	*server

	waiting *tallied
}

// rested is for how many times as long as it took a count is good: counting never
// takes more than a hundredth of the time, however many messages wait and however
// often somebody asks. A million are counted in 60 ms, and so anew every 6 s.
const rested = 100

// tallied remembers how many messages wait.
type tallied struct {
	count func(tx reminders.Tx) (map[reminders.Lane]int, error)

	mu    sync.Mutex
	known map[reminders.Lane]int
	until time.Time
}

// depth gives how many messages wait, by lane, as it was not long ago.
func (t *tallied) depth(tx reminders.Tx) (map[reminders.Lane]int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	began := time.Now()
	if began.Before(t.until) {
		return t.known, nil
	}
	known, err := t.count(tx)
	if err == nil {
		t.known, t.until = known, began.Add((1+rested)*time.Since(began))
	}
	return known, err
}

// newRegistry is a registry of our own with the metrics of one service.
func newRegistry(s *server) *prometheus.Registry {
	registry := prometheus.NewRegistry()
	registry.MustRegister(metrics{s, &tallied{count: s.office.store.Outbox().Depth}})
	registry.MustRegister(s.counters.collectors()...)
	return registry
}

// Describe implements prometheus.Collector.
func (metrics) Describe(ch chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{
		metricBuild, metricReady, metricOutbox, metricInbox, metricQuarantine, metricUnexplained, metricAuditAge, metricPollAge,
		metricOldest, metricObligations, metricMuted, metricBytes, metricFree, metricQuota,
	} {
		ch <- desc
	}
}

// Collect implements prometheus.Collector.
func (m metrics) Collect(ch chan<- prometheus.Metric) {
	gauge := func(desc *prometheus.Desc, value float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, value, labels...)
	}
	v := versionOf()
	gauge(metricBuild, 1, v.Version, v.Commit, v.Go)
	service := m.service.Load()
	ready := service != nil && service.ready.Load() && !service.draining.Load()
	gauge(metricReady, map[bool]float64{true: 1}[ready])
	if ready && m.webhook == "" {
		gauge(metricPollAge, time.Since(service.lastPoll()).Seconds())
	}
	m.collectSpace(gauge)
	ctx, cancel := context.WithTimeout(context.Background(), readTime)
	defer cancel()
	if err := m.office.store.View(ctx, func(tx reminders.Tx) error { return m.collectStore(tx, gauge) }); err != nil {
		ch <- prometheus.NewInvalidMetric(metricOutbox, err)
	}
}

// collectStore counts what lies in the store.
func (m metrics) collectStore(tx reminders.Tx, gauge func(*prometheus.Desc, float64, ...string)) error {
	depth, err := m.waiting.depth(tx)
	if err != nil {
		return err
	}
	late, err := m.office.store.Outbox().Overdue(tx, tx.Now())
	if err != nil {
		return err
	}
	inbox, err := m.office.store.InboxDepth(tx)
	if err != nil {
		return err
	}
	aside, err := m.office.store.InQuarantine(tx)
	if err != nil {
		return err
	}
	restored, err := m.office.restored(tx)
	if err != nil {
		return err
	}
	var audit obligation.Audit
	audited, err := m.office.store.Setting(tx, obligation.AuditSetting, &audit)
	if err != nil {
		return err
	}
	for lane, n := range depth {
		gauge(metricOutbox, float64(n), laneName(lane))
		gauge(metricOldest, late[lane].Seconds(), laneName(lane))
	}
	gauge(metricMuted, map[bool]float64{true: 1}[restored.Muted()])
	gauge(metricInbox, float64(inbox))
	gauge(metricQuarantine, float64(aside))
	if audited {
		gauge(metricUnexplained, float64(len(audit.Unexplained)))
		gauge(metricAuditAge, tx.Now().Sub(audit.At).Seconds())
		for _, state := range obligation.States() {
			gauge(metricObligations, float64(audit.States[state]), string(state))
		}
	}
	return nil
}

// collectSpace measures the file of the store.
func (m metrics) collectSpace(gauge func(*prometheus.Desc, float64, ...string)) {
	engine, ok := m.office.engine.(spacious)
	if !ok {
		return
	}
	size, free := engine.Space()
	gauge(metricBytes, float64(size))
	gauge(metricFree, float64(free)/float64(max(1, size)))
	if m.quota > 0 {
		gauge(metricQuota, float64(m.quota))
	}
}

// laneName is the name of a lane in metrics and exports.
func laneName(lane reminders.Lane) string {
	switch lane {
	case reminders.LaneAnswer:
		return "answer"
	case reminders.LaneDuty:
		return "duty"
	case reminders.LanePersonal:
		return "personal"
	}
	return "broadcast"
}
