package main

import (
	"context"
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
	metricPollAge = prometheus.NewDesc("qingfeng_poll_age_seconds",
		"Time since the last successful poll for updates; absent with a webhook.", nil, nil)
)

// metrics reads the state of a service when somebody asks for it.
type metrics struct{ *server }

// newRegistry is a registry of our own with the metrics of one service.
func newRegistry(s *server) *prometheus.Registry {
	registry := prometheus.NewRegistry()
	registry.MustRegister(metrics{s})
	return registry
}

// Describe implements prometheus.Collector.
func (metrics) Describe(ch chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{
		metricBuild, metricReady, metricOutbox, metricInbox, metricQuarantine, metricUnexplained, metricAuditAge, metricPollAge,
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
	ctx, cancel := context.WithTimeout(context.Background(), readTime)
	defer cancel()
	if err := m.office.store.View(ctx, func(tx reminders.Tx) error { return m.collectStore(tx, gauge) }); err != nil {
		ch <- prometheus.NewInvalidMetric(metricOutbox, err)
	}
}

// collectStore counts what lies in the store.
func (m metrics) collectStore(tx reminders.Tx, gauge func(*prometheus.Desc, float64, ...string)) error {
	depth, err := m.office.store.Outbox().Depth(tx)
	if err != nil {
		return err
	}
	inbox, err := m.office.store.Inbox(tx, 0)
	if err != nil {
		return err
	}
	aside, err := m.office.store.InQuarantine(tx)
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
	}
	gauge(metricInbox, float64(len(inbox)))
	gauge(metricQuarantine, float64(aside))
	if audited {
		gauge(metricUnexplained, float64(len(audit.Unexplained)))
		gauge(metricAuditAge, tx.Now().Sub(audit.At).Seconds())
	}
	return nil
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
